// Clients at many addresses of the loopback network.
import { createSocket } from 'node:dgram'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const NETS = 250
const SOURCES_PER_NET = 40
const STEP_MS = 10
const LATE_S_MAX = 5

/** The n-th of 10,000 sources in 250 networks. */
const sourceOf = (n: number): string => `127.1.${1 + (n % NETS)}.${1 + (Math.floor(n / NETS) % SOURCES_PER_NET)}`

function open(port: number, n: number, greeting: string): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress: sourceOf(n) }).on('error', () => undefined)
  socket.write(greeting)
  return socket
}

/** Opens `per_second` sessions for `seconds`, each of which sends `text` and ends when it was answered; how many were answered. */
export async function knock(port: number, text: string, per_second: number, seconds: number): Promise<{ opened: number; answered: number; elapsed_s: number }> {
  const started = performance.now()
  const count = { opened: 0, answered: 0 }
  while (performance.now() - started < seconds * 1000) {
    const due = Math.floor(((performance.now() - started) / 1000) * per_second)
    for (; count.opened < due; count.opened++) {
      const socket = open(port, count.opened, text)
      socket.once('data', () => {
        count.answered++
        socket.destroy()
      })
    }
    await sleep(STEP_MS)
  }
  // The last ones are answered after the offer has ended: they count with the time that they took.
  while (count.answered < count.opened && performance.now() - started < (seconds + LATE_S_MAX) * 1000) await sleep(STEP_MS)
  return { ...count, elapsed_s: (performance.now() - started) / 1000 }
}

/** Holds `count` sessions open for `hold_ms`; how many were open at once. */
export async function hold(port: number, text: string, count: number, hold_ms: number): Promise<number> {
  const sockets: Socket[] = []
  const answered = new Set<Socket>()
  for (let n = 0; n < count; n++) {
    const socket = open(port, n, text)
    socket.once('data', () => answered.add(socket))
    sockets.push(socket)
    if (n % 50 === 49) await sleep(STEP_MS)
  }
  await sleep(hold_ms)
  const open_now = [...answered].filter((socket) => !socket.destroyed).length
  for (const socket of sockets) socket.destroy()
  return open_now
}

/** Sends `per_second` datagrams for `seconds` from many sources; how many were sent. */
export async function shout(port: number, message: Uint8Array, per_second: number, seconds: number): Promise<{ sent: number; elapsed_s: number }> {
  const sockets = await Promise.all(Array.from({ length: 200 }, (_, n) => new Promise<ReturnType<typeof createSocket>>((resolve) => {
    const socket = createSocket('udp4')
    socket.on('message', () => undefined)
    socket.bind(0, sourceOf(n), () => resolve(socket))
  })))
  const started = performance.now()
  let sent = 0
  while (performance.now() - started < seconds * 1000) {
    const due = Math.floor(((performance.now() - started) / 1000) * per_second)
    for (; sent < due; sent++) sockets[sent % sockets.length]!.send(message, port, '127.0.0.1')
    await sleep(1)
  }
  const elapsed_s = (performance.now() - started) / 1000
  await sleep(500)
  for (const socket of sockets) socket.close()
  return { sent, elapsed_s }
}
