import { describe, expect, it } from "vitest";
import { checkPublicHost, isPublicAddress, matchesHost } from "../../src/media/addresses.ts";

const refused = expect.objectContaining({
  name: "AddressRefusedError",
  status: 400,
  code: "address-refused",
});

/** The host name as the code gets it. */
const hostOf = (host: string) => new URL(`http://${host}/`).hostname;

describe("addresses that are not public", () => {
  it.each([
    ["loopback", ["127.0.0.1", "127.255.255.254"]],
    ["loopback with fewer parts", ["127.1", "127.0.1"]],
    ["hexadecimal", ["0x7f.1", "0x7f000001", "0x7F.0x0.0x0.0x1"]],
    ["decimal", ["2130706433", "3232235777"]],
    ["octal", ["017700000001", "0177.0.0.1"]],
    ["full-width digits", ["１２７.0.0.1"]],
    ["with a dot at the end", ["127.0.0.1."]],
    ["this host", ["0.0.0.0", "0"]],
    ["private", ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"]],
    ["link-local and cloud metadata", ["169.254.169.254", "169.254.0.1"]],
    ["shared by carriers", ["100.64.0.1", "100.127.255.255"]],
    ["special", ["192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1"]],
    ["multicast, reserved, broadcast", ["224.0.0.1", "240.0.0.1", "255.255.255.255"]],
    ["IPv6 loopback and unspecified", ["[::1]", "[::]", "[0:0:0:0:0:0:0:1]"]],
    ["IPv6 mapped IPv4", ["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:8.8.8.8]"]],
    ["IPv6 compatible IPv4", ["[::127.0.0.1]", "[::7f00:1]"]],
    ["NAT64", ["[64:ff9b::127.0.0.1]", "[64:ff9b::a00:1]", "[64:ff9b:1::a00:1]"]],
    ["6to4 and Teredo", ["[2002:7f00:1::]", "[2001:0:7f00:1::]"]],
    ["IPv6 link-local and site-local", ["[fe80::1]", "[febf::1]", "[fec0::1]"]],
    ["unique local", ["[fc00::1]", "[fd12:3456:789a::1]"]],
    ["IPv6 multicast, discard, documentation", ["[ff02::1]", "[100::1]", "[2001:db8::1]", "[3fff::1]"]],
    ["IPv6 outside global unicast", ["[4000::1]", "[5f00::1]", "[e000::1]"]],
  ])("refuses %s", (_, hosts) => {
    for (const host of hosts) expect(() => checkPublicHost(hostOf(host)), host).toThrowError(refused);
  });

  it.each(
    [
      "localhost",
      "LOCALHOST",
      "localhost.",
      "a.localhost",
      "printer.local",
      "metadata.google.internal",
    ].concat(["intranet", "router.lan", "nas.home.arpa", "db.localdomain", "x.test", "x.invalid", "com."]),
  )("refuses the name %s", (host) => {
    expect(() => checkPublicHost(hostOf(host))).toThrowError(refused);
  });

  it.each(
    ["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "[2606:4700:4700::1111]", "[2a00:1450::1]"].concat([
      "example.com",
      "images.example.com.",
      "local.example.com",
      "xn--bcher-kva.example",
    ]),
  )("lets %s pass", (host) => {
    expect(() => checkPublicHost(hostOf(host))).not.toThrow();
  });

  it("takes what is no address for not public", () => {
    for (const text of ["", "example.com", "1.2.3.4.5", "::1%eth0", "fe80::1%1"]) {
      expect(isPublicAddress(text), text).toBe(false);
    }
  });
});

describe("host patterns", () => {
  it.each([
    ["images.example.com", ["images.example.com"], true],
    ["images.example.com.", ["images.example.com"], true],
    ["images.example.com", ["IMAGES.example.COM"], true],
    ["images.example.com", ["example.com"], false],
    ["images.example.com", ["*.example.com"], true],
    ["a.b.example.com", ["*.example.com"], true],
    ["example.com", ["*.example.com"], false],
    ["evilexample.com", ["*.example.com"], false],
    ["example.com.evil.net", ["*.example.com", "example.com"], false],
    ["anything.net", [], false],
  ])("%s against %j: %s", (host, patterns, expected) => {
    expect(matchesHost(host, patterns)).toBe(expected);
  });
});
