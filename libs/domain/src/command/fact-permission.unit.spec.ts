/**
 * Whoever might send facts could erase, merge, separate, activate and review by telling that it was done,
 * whatever roles its key had: the permission of a command was asked of the command alone.
 */
import { defaultConfiguration } from '../policy/configuration';
import { factTypes } from '../facts/catalogue';
import { factForbidden, factsDecidedBy, rolesToTell } from './fact-permission';

const configuration = defaultConfiguration;
const agent = (...roles: ReadonlyArray<string>) => ({ kind: 'agent', id: 'desk', roles }) as const;

describe('telling a fact', () => {
  it('every fact of the catalogue is decided by a command', () => {
    expect(new Set(Object.values(factsDecidedBy).flat())).toEqual(new Set(factTypes));
  });

  it('takes a role where every command that decides it does, and none elsewhere', () => {
    const restricted = factTypes.filter((type) => rolesToTell(type, configuration) !== null);
    expect(restricted).toEqual([
      'PartiesMerged',
      'PartiesSeparated',
      'PersonalDataErased',
      'ConfigurationActivated',
      'PortfolioReviewed',
    ]);
  });

  it.each([
    ['PersonalDataErased', 'privacy_officer', 'ErasePersonalData'],
    ['PartiesMerged', 'back_office', 'MergeParties'],
    ['PartiesSeparated', 'supervisor', 'SeparateParties'],
    ['ConfigurationActivated', 'revenue_officer', 'ActivateConfiguration'],
    ['PortfolioReviewed', 'analyst', 'ReviewPortfolio'],
  ] as const)('%s is for %s, as %s is', (type, role, command) => {
    expect(factForbidden(type, { actor: agent(role), configuration })).toBeNull();
    expect(factForbidden(type, { actor: { ...agent(), kind: 'system' }, configuration })).toBeNull();
    expect(factForbidden(type, { actor: agent('front_office'), configuration })).toMatchObject({
      code: 'Forbidden',
      message: expect.stringMatching(`^${type} needs one of the roles .*${role}.*, as ${command} does$`) as string,
    });
  });

  it('follows the configuration in force, and the default where that is from before the command', () => {
    const { ErasePersonalData: _, ...older } = configuration.commands.permissions;
    const permissions = { ...older, MergeParties: ['steward'] };
    const other = { commands: { ...configuration.commands, permissions } };
    expect(rolesToTell('PartiesMerged', other)).toEqual(['steward']);
    expect(rolesToTell('PersonalDataErased', other)).toEqual(configuration.commands.permissions.ErasePersonalData);
  });
});
