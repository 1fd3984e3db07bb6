export * from './log/wire-log';
export { startGateway, type Gateway } from './server/start-gateway';
export type { ConfiguredUser } from './access/credentials';
export { measureGateway } from './bench/measure-gateway';
