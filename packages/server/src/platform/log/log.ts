import { pino, type DestinationStream, type Logger } from 'pino'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

const message_chars_max = 2000

/** C0, C1 and bidirectional controls could forge lines or hide text in a terminal; JSON escapes only C0. */
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

export const escapeControls = (text: string): string =>
  text.replace(controls, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Bytes of API tokens, wherever a text carries one. */
export const hideTokens = (text: string): string => text.replace(/hir_[\w-]{6,}/g, 'hir_…')

const clean = (text: string) => hideTokens(escapeControls(text.slice(0, message_chars_max)))

const reason = (error: unknown) =>
  error instanceof Error
    ? { type: error.name, message: clean(error.message), stack: (error.stack ?? '').split('\n').slice(1, 12).map((l) => l.trim()) }
    : { message: clean(String(error)) }

/** One JSON line per event on `to` (stderr when absent). Keys that hold secrets are redacted, tokens and controls made harmless. */
export function makeLog(level: LogLevel, to: DestinationStream = process.stderr): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: reason, reason: (value: unknown) => (typeof value === 'string' ? clean(value) : value) },
      redact: { paths: ['authorization', 'token', 'password', '*.authorization', '*.token', '*.password'], censor: '[redacted]' },
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map((arg: unknown) => (typeof arg === 'string' ? clean(arg) : arg)) as Parameters<typeof method>)
        },
      },
    },
    to,
  )
}
