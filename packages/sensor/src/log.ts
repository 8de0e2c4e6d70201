/** Lines for the operator on stderr. No destination and no address of the sensor may be put into `fields`. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
}

export function stderrLog(json: boolean, now: () => number): Log {
  const write = (level: string, message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    const time = new Date(now()).toISOString()
    const line = json
      ? JSON.stringify({ time, level, message, ...fields })
      : `${time} ${level} ${message}${Object.entries(fields).map(([name, value]) => ` ${name}=${String(value)}`).join('')}`
    process.stderr.write(`${line}\n`)
  }
  return { info: (message, fields) => write('info', message, fields), warn: (message, fields) => write('warn', message, fields) }
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined }
