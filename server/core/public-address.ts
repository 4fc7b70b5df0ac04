import ipaddr from 'ipaddr.js'

/** An address or network that counts as allowed although the rest of its kind is not. */
export type Network = [ipaddr.IPv4 | ipaddr.IPv6, number]

// Of IPv6 only this block was ever given out to the public; whatever else calls itself unicast is somebody's own.
const globalIpv6: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]
// Answers the machines of one cloud with their credentials, though it looks like anybody's address.
const publicMetadata = new Set(['168.63.129.16'])

/** Reads networks: `10.1.0.0/16`, or a single address. @throws Error where one of them is neither */
export const parseNetworks = (texts: readonly string[]): Network[] =>
  texts.map((text) => {
    if (text.includes('/')) return ipaddr.parseCIDR(text)
    const address = ipaddr.parse(text)
    return [address, address.kind() === 'ipv4' ? 32 : 128]
  })

/** An IPv4 address that is wrapped into an IPv6 one leads where the IPv4 address does. */
const unwrapped = (address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 =>
  address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address

const within = (address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Network): boolean =>
  address.kind() === network.kind() && address.match(network as ipaddr.IPv4 & ipaddr.IPv6, bits)

/**
 * Whether an address belongs to the public internet: not to this machine, its neighbours, a private network, a cloud's metadata service, or
 * a block that only stands for other addresses.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast' || publicMetadata.has(address.toString())) return false
  return address instanceof ipaddr.IPv4 || within(address, globalIpv6)
}

/** Whether an address is this machine's own, in whatever form. */
export const isLoopbackAddress = (text: string): boolean => ipaddr.isValid(text) && unwrapped(ipaddr.parse(text)).range() === 'loopback'

/** Whether an address lies in one of these networks. */
export function isAmong(text: string, networks: readonly Network[]): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = unwrapped(ipaddr.parse(text))
  return networks.some((network) => within(address, network))
}
