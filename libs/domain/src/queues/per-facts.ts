import type { Evidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';

/**
 * What is made of a customer's facts, kept until they change or another customer is asked about: each of a
 * customer's items asks for the same.
 */
export const perFacts = <A>(
  make: (evidence: Evidence, configuration: Configuration) => A,
): ((evidence: Evidence, configuration: Configuration) => A) => {
  let latest: {
    readonly evidence: Evidence;
    readonly changes: number;
    readonly configuration: Configuration;
    readonly made: A;
  } | null = null;
  return (evidence, configuration) => {
    const { changes } = evidence;
    if (latest?.evidence === evidence && latest.changes === changes && latest.configuration === configuration)
      return latest.made;
    const made = make(evidence, configuration);
    latest = { evidence, changes, configuration, made };
    return made;
  };
};
