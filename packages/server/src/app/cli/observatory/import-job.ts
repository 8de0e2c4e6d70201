import type { Cidr, Uuid } from '@hirundo/base'
import type { ApiClient } from '@hirundo/contract'
import type { LogKind } from '@hirundo/formats'
import type { Log } from '@hirundo/sensor'
import type { Cli, CommonOptions } from '../frame.ts'
import type { ephemeralKey } from './import-file.ts'

export interface ImportOptions extends CommonOptions {
  readonly kind: LogKind | 'capture'
  readonly sensor: string
  readonly dst?: readonly string[]
  readonly simulated?: boolean
  /** Seconds east of UTC. */
  readonly zone?: number
  readonly year?: number
}

/** One call of `import`. */
export interface ImportJob {
  readonly cli: Cli
  readonly client: ApiClient
  readonly paths: readonly string[]
  readonly options: ImportOptions
  /** Networks of `--dst`. */
  readonly own: readonly Cidr[]
  readonly sensor: Uuid
  readonly key: ReturnType<typeof ephemeralKey>
  readonly log: Log
}
