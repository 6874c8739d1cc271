/** Whom rate limits count when there is no key. */
import ipaddr from "ipaddr.js";

/** Networks hand whole /64 to a customer: addresses in it are one client. */
const IPV6_CLIENT_BITS = 64;

/** The client's address, IPv6 without the part that it chooses itself; `unknown` where the platform does not say. */
export function clientAddress(headers: Headers): string {
  const text = headers.get("cf-connecting-ip") ?? "";
  if (!ipaddr.isValid(text)) return "unknown";
  const address = ipaddr.process(text);
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${IPV6_CLIENT_BITS}`);
  return `${network.toString()}/${IPV6_CLIENT_BITS}`;
}
