export const texts = {
  'node.title': 'node',
} as const
