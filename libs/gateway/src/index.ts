export * from './log/wire-log';
export { startGateway, type Gateway, type GatewayOptions } from './server/start-gateway';
export type { GatewayError, TlsOptions } from './server/shared-port';
export type { ConfiguredUser } from './access/credentials';
export { measureGateway, type GatewayFigure, type MeasureGatewayOptions } from './bench/measure-gateway';
