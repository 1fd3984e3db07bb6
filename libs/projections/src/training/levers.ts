import { waitsIn, wrongAnswersIn } from '../channels/figures';
import { conductIn } from '../complaints/figures';
import { type Figures, partsAsked } from '../figures/definition';
import { empathyIn } from '../voice/figures';
import { cultureOf } from './culture';

/**
 * The five levers that keep customers from leaving (`domain.md §9.1`, Valdez), each as its measure: right
 * answers, empathy, conduct, training and waiting. Waits are of the whole months that the window touches.
 */
export const leverFigures: Figures = {
  code: 'PR16',
  name: 'improvement-levers',
  title: 'What keeps customers: right answers, empathy, conduct of staff, training, short waits',
  read: (question) =>
    partsAsked(question, {
      accuracy: () => wrongAnswersIn(question),
      empathy: () => empathyIn(question),
      conduct: () => conductIn(question),
      culture: () => cultureOf(question),
      waiting: () => waitsIn(question),
    }),
};
