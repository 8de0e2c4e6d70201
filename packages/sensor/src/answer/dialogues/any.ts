import type { Dialogue, Setting, TcpProtocol } from '../model.ts'

/** Waits for a first payload. When it is one of the `known` protocols, that one goes on; otherwise it listens and says nothing. */
export const anyProtocol = (known: readonly TcpProtocol[]): TcpProtocol => ({
  name: 'any',
  begin: (setting: Setting): Dialogue => {
    let other: Dialogue | undefined
    let is_first = true
    return {
      take(bytes, talk) {
        if (is_first) {
          is_first = false
          const protocol = known.find((one) => one.recognises?.(bytes) === true)
          if (protocol) {
            other = protocol.begin(setting)
            talk.is(protocol.name)
          }
        }
        return other ? other.take(bytes, talk) : bytes.length
      },
    }
  },
})
