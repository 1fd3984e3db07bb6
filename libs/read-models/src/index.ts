export * from './port';
export { openSqliteReadModels, type OpenReadModelsError } from './sqlite/open';
