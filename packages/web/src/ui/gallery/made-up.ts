import { HOUR_S } from '@hirundo/base'

const HOUR_MS = HOUR_S * 1000
export const made_at_ms = Date.UTC(2026, 0, 31, 8, 0)
export const hours = 48
export const from_ms = made_at_ms - hours * HOUR_MS

/** Made-up values that look like days and nights; hours 18 to 23 were watched by nobody. */
export const wave = (level: number, shift: number) => Array.from({ length: hours }, (_, i) => {
  const value = i >= 18 && i < 24 ? null : Math.round(level * (1.3 + Math.sin((i + shift) / 4) + Math.cos(i * i + shift) / 5))
  return { at_ms: from_ms + i * HOUR_MS, value, low: value === null ? null : value * 0.85, high: value === null ? null : value * 1.15 }
})

export const ports = [
  { rank: 1, before: 1, key: 'tcp/23', service: 'telnet', packets: 128_410 },
  { rank: 2, before: 5, key: 'tcp/445', service: 'microsoft-ds', packets: 96_022 },
  { rank: 3, before: null, key: 'tcp/5555', service: null, packets: 51_200 },
  { rank: 4, before: 3, key: 'udp/161', service: 'snmp', packets: null },
] as const

/** Of the fictional economies, so that nobody real is named. */
export const economies = [['XA', 5200], ['XB', 1900], ['XC', 820], ['XD', 240], ['XE', 61], ['XF', null]] as const
export const sensors = ['#1', '#2', '#3'] as const
