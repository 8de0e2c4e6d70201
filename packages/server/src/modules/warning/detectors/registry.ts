import { campaign } from './campaign.ts'
import { changePoint } from './change-point.ts'
import { drdos } from './drdos.ts'
import type { Detector } from './model.ts'
import { newBehaviour } from './new-behaviour.ts'
import { ownNetwork } from './own-network.ts'
import { rsdos } from './rsdos.ts'
import { scan } from './scan.ts'
import { spike } from './spike.ts'
import { synchronised } from './synchronised.ts'
import { worm } from './worm.ts'

/** All detectors, in the order in which they look at a minute. A new one is a line here. */
export const detectors: readonly Detector[] = [
  rsdos,
  drdos,
  scan,
  ownNetwork,
  campaign,
  changePoint,
  worm,
  newBehaviour,
  spike,
  synchronised,
]
