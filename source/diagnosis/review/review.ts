import type { History } from '../../store/history.js';
import type { ReviewAnswer } from '../../store/review.js';
import { idleTimeout } from './idle-timeout.js';
import { oldAddresses } from './old-addresses.js';
import { packetSize } from './packet-size.js';
import { pool } from './pool.js';
import type { Incident, Question } from './question.js';
import { retries } from './retries.js';
import { waiting } from './waiting.js';

/** The questions that a review of a backend's outage asks (The Network Failure Pattern Behind Random Backend Outages). */
export const QUESTIONS: readonly Question[] = [retries, pool, oldAddresses, idleTimeout, packetSize, waiting];

/** What the history says to each of them. A question that throws cannot be told. */
export const review = (history: History, incident: Incident): ReviewAnswer[] =>
  QUESTIONS.map(({ id, question, answer }) => {
    try {
      return { id, question, ...answer(history, incident) };
    } catch (error) {
      return { id, question, answer: 'cannot tell', because: `its rule failed: ${String(error)}` };
    }
  });
