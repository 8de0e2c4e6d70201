export const texts = {
  'port.title': 'port',
} as const
