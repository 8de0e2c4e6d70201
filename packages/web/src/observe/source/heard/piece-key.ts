import type { Evidence } from '@hirundo/contract'

/** What tells a piece of evidence of one source from the others, as the address of the page names it. */
export const pieceKey = ({ at, sensor, transport, src_port, dst_port }: Pick<Evidence, 'at' | 'sensor' | 'transport' | 'src_port' | 'dst_port'>): string =>
  [at, src_port, transport, dst_port, sensor].join('~')
