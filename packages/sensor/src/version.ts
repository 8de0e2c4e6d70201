/** Of the sensor program; told to the node with each heartbeat. */
export const version = '0.1.0'
