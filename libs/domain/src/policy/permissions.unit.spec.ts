/**
 * A command that came later had a required key of its own in the document: every configuration that was
 * activated before could no longer be read, and with it went the tenant's segments and service levels.
 */
import { given, iso } from '../command/given-when-then';
import { erasePersonalData } from '../privacy/erase-personal-data';
import { activateConfiguration } from './activate-configuration';
import { type Configuration, defaultConfiguration } from './configuration';

const { ErasePersonalData: _, ...permissions } = defaultConfiguration.commands.permissions;
const from = <P>(named: P) => ({
  ...defaultConfiguration,
  version: 1,
  commands: { ...defaultConfiguration.commands, permissions: named },
});
const before: Configuration = from(permissions);
const officer = { actor: { kind: 'agent', id: 'officer', roles: ['revenue_officer'] } } as const;
const activation = <Config>(config: Config) => ({ version: 1, effectiveFrom: iso(), config });

describe('permissions in a configuration from before there was a command', () => {
  it('are read as they are', () => {
    given()
      .when(activateConfiguration, activation(before), officer)
      .then(['ConfigurationActivated', activation(before), []]);
  });

  it('leave the command to those whom the default document names', () => {
    const body = { partyId: 'customer', evidenceRef: 'passport seen', basis: 'request' };
    const anyone = { actor: { kind: 'agent', id: 'ann', roles: ['front_office'] }, configuration: before } as const;
    given()
      .when(erasePersonalData, body, anyone)
      .thenRefused('Forbidden', {
        details: { roles: [...defaultConfiguration.commands.permissions.ErasePersonalData] },
      });
  });

  it.each([
    ['ValidationFailed', 'name a command that there is not', { ...permissions, EraseEverything: ['supervisor'] }],
    ['ConfigInvalid', 'leave out one that was always named', { ErasePersonalData: ['supervisor'] }],
  ] as const)('are refused with %s when they %s', (code, _case, named) => {
    given()
      .when(activateConfiguration, activation(from(named)), officer)
      .thenRefused(code);
  });
});
