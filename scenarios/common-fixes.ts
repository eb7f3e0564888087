import { later } from '../source/diagnosis/facts/fixes.js';

/** What several modes advise alike, to keep a failure from coming back or from being felt. */

/** Of a server that takes connections and stays silent. */
export const CLIENT_DEADLINES = later('deadlines in its clients, so that they do not hang with it');
