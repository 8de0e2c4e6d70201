/** The thread that looks ahead: models that compete take seconds, which nobody who asks or delivers meanwhile is to wait for. */
import { parentPort } from 'node:worker_threads'
import { forecastOf } from '../rolling.ts'
import type { FromForecaster, ToForecaster } from './protocol.ts'

const port = parentPort!
port.on('message', ({ id, values, settings }: ToForecaster) => port.postMessage({ id, forecast: forecastOf(values, settings) } satisfies FromForecaster))
