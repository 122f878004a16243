/** IPv4 that is routed in private networks or on the node alone (RFC 1918, 6598, 3927, 2544), where the API server, other pods and instance metadata are. */
const privateIpv4 = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "198.18.0.0/15",
];

/** IPv6 of the same kind (RFC 4193, 4291). */
const privateIpv6 = ["fc00::/7", "fe80::/10"];

/** Every public address. */
export const publicPeers = [
  { ipBlock: { cidr: "0.0.0.0/0", except: privateIpv4 } },
  { ipBlock: { cidr: "::/0", except: privateIpv6 } },
];

/** Where the agent of EKS Pod Identity hands out credentials, on each node. */
export const podIdentityPeers = [{ ipBlock: { cidr: "169.254.170.23/32" } }, { ipBlock: { cidr: "fd00:ec2::23/128" } }];

/** Where NodeLocal DNSCache listens, on nodes that have it. */
export const nodeLocalDnsPeer = { ipBlock: { cidr: "169.254.20.10/32" } };
