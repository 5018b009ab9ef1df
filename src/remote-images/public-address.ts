import { BlockList, isIP } from 'node:net'

/** IPv4 that is not, or not for everybody, the public Internet (IANA's registry of special-purpose addresses). */
const SPECIAL_IPV4 = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared by providers; metadata of Alibaba Cloud
  ['127.0.0.0', 8], // this machine
  ['168.63.129.16', 32], // the host of a virtual machine of Azure
  ['169.254.0.0', 16], // this link; metadata of most clouds
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocols; metadata of Oracle Cloud
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // relays of 6to4
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 3], // multicast, reserved, broadcast
] as const

/**
 * All that was ever given out of IPv6. Beyond it lie `::`, `::1`, mapped IPv4 (`::ffff:0:0/96`), translated IPv4
 * (`64:ff9b::/96`, `64:ff9b:1::/48`), unique local (`fc00::/7`), link-local (`fe80::/10`) and multicast (`ff00::/8`).
 */
const GLOBAL_IPV6 = ['2000::', 3] as const
const SPECIAL_IPV6 = [
  ['2001::', 23], // protocols, Teredo among them, which wraps IPv4
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4, which wraps IPv4
  ['3fff::', 20], // documentation
] as const

const specialIpv4 = createList(SPECIAL_IPV4, 'ipv4')
const specialIpv6 = createList(SPECIAL_IPV6, 'ipv6')
const globalIpv6 = createList([GLOBAL_IPV6], 'ipv6')

/**
 * Whether an address belongs to the public Internet. IPv4 in the clothes of IPv6 never does, whatever it wraps: no
 * public host needs it, and what unwraps it lies out of our sight. Nor does one with a zone, or what is no address.
 */
export function isPublicAddress(address: string): boolean {
  if (address.includes('%')) return false
  switch (isIP(address)) {
    case 4:
      return !specialIpv4.check(address, 'ipv4')
    case 6:
      return globalIpv6.check(address, 'ipv6') && !specialIpv6.check(address, 'ipv6')
    default:
      return false
  }
}

function createList(subnets: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family)
  return list
}
