export { readConfig, type NodeConfig } from './app/config.ts'
export { startNode, type Node, type NodeOptions } from './app/node.ts'
export { layouts } from './app/open-analytics.ts'
export { OperatorError } from './platform/operator-error.ts'
