/**
 * Known research scanners. `published`: the operator names these networks on the page given, for those who want to
 * allow or block them. `attributed`: reverse names and several independent public lists agree, the operator does not
 * publish them. Networks change hands: an operator of a node adds to the list and takes from it by the setting
 * `observatory.research_networks`.
 */
export interface ResearchScanner {
  readonly name: string
  /** The operator's own words about its scans. */
  readonly url: string
  readonly sure: 'published' | 'attributed'
  readonly networks: readonly string[]
}

/** When the list was last gone through. */
export const RESEARCH_AS_OF = '2026-11-20'

export const researchScanners: readonly ResearchScanner[] = [
  {
    name: 'Censys', url: 'https://docs.censys.com/docs/opt-out-of-data-collection', sure: 'published',
    networks: [
      '66.132.159.0/24', '162.142.125.0/24', '167.94.138.0/24', '167.94.145.0/24', '167.94.146.0/24', '167.248.133.0/24',
      '199.45.154.0/24', '199.45.155.0/24', '206.168.34.0/24', '206.168.35.0/24',
      '2602:80d:1000:b0cc:e::/80', '2620:96:e000:b0cc:e::/80', '2602:80d:1003::/112', '2602:80d:1004::/112',
    ],
  },
  {
    name: 'Rapid7 Project Sonar', url: 'https://opendata.rapid7.com/about/', sure: 'published',
    networks: ['5.63.151.96/27', '71.6.233.0/24', '88.202.190.128/27', '109.123.117.224/27', '146.185.25.160/27'],
  },
  {
    name: 'Driftnet (internet-measurement.com)', url: 'https://internet-measurement.com/', sure: 'published',
    networks: ['87.236.176.0/24', '185.247.137.0/24', '193.163.125.0/24'],
  },
  {
    name: 'Shadowserver', url: 'https://www.shadowserver.org/what-we-do/network-reporting/', sure: 'attributed',
    networks: [
      '64.62.202.96/27', '65.49.20.64/26', '66.220.23.112/29', '74.82.47.0/26', '184.105.139.64/26', '184.105.143.128/26',
      '184.105.247.192/26', '216.218.206.64/26',
    ],
  },
  {
    name: 'Palo Alto Cortex Xpanse', url: 'https://www.paloaltonetworks.com/cortex/cortex-xpanse', sure: 'attributed',
    networks: ['144.86.173.0/24'],
  },
  {
    name: 'Shodan', url: 'https://www.shodan.io/', sure: 'attributed',
    networks: [
      '66.240.192.138/32', '66.240.236.119/32', '71.6.135.131/32', '71.6.165.200/32', '71.6.167.142/32', '82.221.105.6/32',
      '82.221.105.7/32', '198.20.69.96/29', '198.20.70.112/29', '198.20.87.96/29', '198.20.99.128/29',
    ],
  },
]
