import type { FaultParameters } from '../../../model/fault-spec.ts';
import type { InspectedContainer, NetworkAddress } from '../engine.ts';
import { type Bodies, notLoopback } from './connection-rules.ts';
import { questionsFor } from './dns-name.ts';
import type { FirewallTool } from './firewall-text.ts';

/** What IPv6 needs on the link itself: its neighbours are found by these. */
const ownLink = { source: ['fe80::/10', '::/128'], destination: ['fe80::/10', 'ff00::/8'] } as const;

/**
 * Clients are all beyond the node's own Docker networks, and this machine, which is met as a network's gateway: load that
 * comes through a published port. Other containers of its networks go on. Peers are met by the addresses that they have now.
 */
export function partitionBodies(
  { from, direction }: FaultParameters<'partition'>,
  tool: FirewallTool,
  self: InspectedContainer,
  peers: readonly InspectedContainer[],
): Bodies {
  const own = ofFamily(tool, self.networks);
  const between = (flag: '-s' | '-d', link: readonly string[]) =>
    from === 'clients'
      ? [
          ...own.flatMap(({ gateway }) => (gateway === '' ? [] : [`${flag} ${gateway} -j DROP`])),
          ...own.map(({ address, prefixLength }) => `${flag} ${address}/${prefixLength} -j RETURN`),
          ...(tool === 'ip6tables' ? link.map((addresses) => `${flag} ${addresses} -j RETURN`) : []),
          '-j DROP',
        ]
      : peers.flatMap((peer) =>
          ofFamily(tool, peer.networks).map(({ address }) => `${flag} ${address} -j DROP`),
        );
  const input = direction === 'out' ? [] : between('-s', ownLink.source);
  const output = direction === 'in' ? [] : between('-d', ownLink.destination);
  return {
    input: input.length === 0 ? [] : [notLoopback.input, ...input],
    output: output.length === 0 ? [] : [notLoopback.output, ...output],
  };
}

/**
 * Questions for just these names are refused on their way to whatever DNS server the node asks, Docker's own within its
 * namespace (whose port is another behind the NAT, so that the original one counts) or one outside.
 */
export function dnsBodies({ peers }: FaultParameters<'dns_failure'>): Bodies {
  const refusals = [
    ['udp', ''],
    ['tcp', ' --reject-with tcp-reset'],
  ] as const;
  const output = peers
    .flatMap(questionsFor)
    .flatMap((question) =>
      refusals.map(
        ([protocol, how]) =>
          `-p ${protocol} -m conntrack --ctorigdstport 53 -m string --algo bm --icase --hex-string |${question}| -j REJECT${how}`,
      ),
    );
  return { input: [], output };
}

export function hasFamily(tool: FirewallTool, { networks }: InspectedContainer): boolean {
  return ofFamily(tool, networks).length > 0;
}

function ofFamily(tool: FirewallTool, networks: readonly NetworkAddress[]): readonly NetworkAddress[] {
  return networks.filter(({ address }) => address.includes(':') === (tool === 'ip6tables'));
}
