/** Which addresses a server may be sent to by a stranger: public ones only. */
import ipaddr from "ipaddr.js";
import { AddressRefusedError } from "./fetch-errors.ts";

/** Names that never belong to the public internet (RFC 6761, 6762, 8375; `internal` is reserved by ICANN). */
const PRIVATE_SUFFIXES = [
  "localhost",
  "local",
  "internal",
  "localdomain",
  "lan",
  "home.arpa",
  "test",
  "invalid",
];

/** 2000::/3, the only IPv6 space that is given out for public use. */
const GLOBAL_UNICAST = ipaddr.IPv6.parse("2000::");

/**
 * Whether an IP address is public. Private, loopback, link-local, shared, multicast, documentation and reserved
 * ranges are not; nor are IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST, 3);
}

/** @throws {AddressRefusedError} unless the IP address is public */
export function checkPublicAddress(address: string): void {
  if (!isPublicAddress(address)) {
    throw new AddressRefusedError(`The address ${address} is not on the public internet.`);
  }
}

/** The IP address that a URL's host name is, without brackets, or undefined when it is a DNS name. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return ipaddr.isValid(bare) ? bare : undefined;
}

/**
 * Checks a host name as `URL` gives it: numbers in any notation (`0x7f.1`, `2130706433`) are dotted by then.
 *
 * @throws {AddressRefusedError} for addresses that are not public, and for names that only mean something inside
 * a network: `localhost`, `.local`, `.internal` and the like, and names without a dot
 */
export function checkPublicHost(hostname: string): void {
  const address = literalAddress(hostname);
  if (address !== undefined) {
    checkPublicAddress(address);
    return;
  }
  const name = hostname.replace(/\.+$/, "");
  const isPrivate = PRIVATE_SUFFIXES.some((suffix) => name === suffix || name.endsWith(`.${suffix}`));
  if (isPrivate || !name.includes(".")) {
    throw new AddressRefusedError(`The name ${hostname} is not on the public internet.`);
  }
}

/**
 * Whether a host name fits one of the patterns: `images.example.com` exactly, or `*.example.com` for every
 * name below it.
 */
export function matchesHost(hostname: string, patterns: readonly string[]): boolean {
  const name = hostname.replace(/\.$/, "");
  return patterns.some((pattern) => {
    const wanted = pattern.toLowerCase();
    return wanted.startsWith("*.") ? name.endsWith(wanted.slice(1)) : name === wanted;
  });
}
