import { formatCidr, isMapped, maskTo, parseAddress } from '@hirundo/base'
import { oneLine } from '../../../../platform/notify/plain-text.ts'

const brackets = (text: string): string => text.replaceAll('.', '[.]').replaceAll(':', '[:]')

/** An address or network that no program turns into a link: `192[.]0[.]2[.]1`. */
export const defangAddress = (text: string): string => brackets(oneLine(text, 64))

/** What strangers wrote, as one line in which no address can be opened: `hxxp[://]example[.]org/x`. */
export const defangText = (text: string, chars_max = 300): string =>
  oneLine(text, chars_max)
    .replace(/\bhttp(?=s?:\/\/)/gi, 'hxxp')
    .replaceAll('://', '[://]')
    .replace(/(?<=[\p{L}\p{N}_-])\.(?=[\p{L}\p{N}_-])/gu, '[.]')

const network_bits = { v4: 120, v6: 48 }

/** The network that an address lies in, wide enough to name no machine: /24 or /48. */
export function networkOf(text: string): string {
  const address = parseAddress(text)
  if (!address.ok) return ''
  const bits = isMapped(address.value) ? network_bits.v4 : network_bits.v6
  return formatCidr({ bytes: maskTo(address.value, bits), bits })
}
