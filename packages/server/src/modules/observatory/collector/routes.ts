import { fail } from '@hirundo/base'
import { sendBatches } from '@hirundo/contract'
import { handle, type Handler } from '../../../platform/module.ts'
import type { Service } from '../service.ts'

export const collectorHandlers = (service: Service): readonly Handler[] => [
  handle(sendBatches, async (_, context) =>
    service.running ? service.running.collector.receive(context) : fail('node/unavailable', { retry_after_s: 1 })),
]
