export * from './lost';
export * from './notices';
export * from './standing';
