import { listSensors } from '@hirundo/contract'
import { useAnswer } from '../api/api.ts'
import { useScope } from './session.tsx'

const ASKED_EVERY_MS = 60_000

/** Whether any sensor of the organisation sends made-up traffic: then every page says so. */
export function useSimulated(): boolean {
  const may = useScope('sensors:read')
  const { data } = useAnswer(listSensors, {}, { enabled: may, every_ms: ASKED_EVERY_MS })
  return data?.sensors.some(({ simulated, state }) => simulated && state === 'approved') ?? false
}
