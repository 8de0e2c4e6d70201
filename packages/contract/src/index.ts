export * from './client.ts'
export * from './node-routes.ts'
export * from './route.ts'
export * from './shapes.ts'
