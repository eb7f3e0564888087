import type { Recovery } from '../store/recovery.js';

/** The recovery checks of the Container Networking Exhaustion document, in its order, for an application at `appUrl`. */
export function labRecovery(appUrl: string): Required<Recovery> {
  const todos = `${appUrl}/todos`;
  return {
    checks: [
      { name: 'GET /', url: `${appUrl}/`, expect: { kind: 'success' } },
      // The document expects {"status": "Database connection successful"}.
      {
        name: 'GET /test-db',
        url: `${appUrl}/test-db`,
        expect: { kind: 'says', field: 'status', word: 'success' },
      },
      { name: 'GET /todos', url: todos, expect: { kind: 'list', of: 'todos' } },
      {
        name: 'POST /todos, read back',
        url: todos,
        expect: { kind: 'read back', field: 'title', of: 'todos' },
      },
    ],
    // It goes all the way to the database.
    customer: { name: 'GET /todos', url: todos },
  };
}
