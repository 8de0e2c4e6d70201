import { campaign } from './campaign.ts'
import { drdos } from './drdos.ts'
import type { Detector } from './model.ts'
import { ownNetwork } from './own-network.ts'
import { rsdos } from './rsdos.ts'
import { scan } from './scan.ts'

/** All detectors, in the order in which they look at a minute. A new one is a line here. */
export const detectors: readonly Detector[] = [
  rsdos,
  drdos,
  scan,
  ownNetwork,
  campaign,
]
