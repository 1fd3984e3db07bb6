import { adoptionFigures } from '../recording/adoption';
import { recordingFigures } from '../recording/figures';
import { goalFigures } from '../scorecard/goals';
import { trainingFigures } from '../training/figures';
import type { Model } from './definition';
import { indicator } from './indicator';
import { is } from './indicators';

/** What of changing an organisation shows in figures (`domain.md §12.2`); attitude and persuasion do not. */
export const changeModels: ReadonlyArray<Model> = [
  {
    name: 'leaders-of-change',
    title: 'Leaders of change',
    steps: [
      {
        name: 'Measures of progress',
        spanish: 'medidas del progreso',
        software: 'The scorecard: results, satisfaction, service levels',
        indicators: [is.contribution, is.retention, is.satisfaction, is.serviceMissed],
      },
      {
        name: 'Rewards for goals',
        spanish: 'recompensas por metas',
        software: 'Agents beside their goals, and how many attained them',
        indicators: [is.goals, indicator('Agents who attained their goals', goalFigures, 'attained')],
      },
      {
        name: 'Unexpected conduct',
        spanish: 'conductas inesperadas',
        software: 'Complaints of conduct, the agents whom they name, and who is to be trained',
        indicators: [is.conduct, is.toTrain, indicator('Conduct by agent', trainingFigures, 'conduct.agents')],
      },
    ],
  },
  {
    name: 'common-failures',
    title: 'Common failures',
    steps: [
      {
        name: 'A tool that nobody uses',
        spanish: 'visión de solo herramienta',
        software: 'Contacts recorded of those that must have been, and by whom',
        indicators: [
          indicator('Contacts recorded of those that must have been', recordingFigures, 'contacts.rate'),
          indicator('Contacts recorded by agents', adoptionFigures, 'contacts.agentShare'),
        ],
      },
      {
        name: 'Long-term value underestimated',
        spanish: 'subestimar el valor a largo plazo',
        software: 'Decisions that could use lifetime value',
        indicators: [indicator('Campaigns with lifetime values', adoptionFigures, 'decisions.lifetimeValueShare')],
      },
      {
        name: 'No training',
        spanish: 'falta de capacitación',
        software: 'Agents trained, and who is to be trained in conduct',
        indicators: [is.trained, is.toTrain],
      },
    ],
  },
];
