export const texts = {
  'sensors.title': 'sensors',
} as const
