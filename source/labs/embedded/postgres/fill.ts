import pg from 'pg';
import type { LabAddresses } from '../../lab.js';

const TODOS = ['Buy milk', 'Water the plants', 'Call the plumber'];
const CONNECT_MS = 5_000;

/** The application's ordinary role, its database and a few rows. Rejects with PostgreSQL's own error. */
export async function fillDatabase(database: LabAddresses['database']): Promise<void> {
  const { host, port, user, password, superuser, superuserPassword } = database;
  const login = {
    host,
    port,
    user: superuser,
    password: superuserPassword,
    connectionTimeoutMillis: CONNECT_MS,
  };
  await withClient({ ...login, database: 'postgres' }, async (client) => {
    const [role, secret] = [client.escapeIdentifier(user), client.escapeLiteral(password)];
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD ${secret}`);
    // One file copy instead of page by page through the log: a third of the time.
    await client.query(
      `CREATE DATABASE ${client.escapeIdentifier(database.database)} OWNER ${role} STRATEGY file_copy`,
    );
  });
  await withClient({ ...login, database: database.database }, async (client) => {
    await client.query(`SET ROLE ${client.escapeIdentifier(user)}`);
    await client.query(
      `CREATE TABLE todos (id serial PRIMARY KEY, title text NOT NULL, done boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now())`,
    );
    await client.query('INSERT INTO todos (title) SELECT unnest($1::text[])', [TODOS]);
  });
}

async function withClient(
  config: pg.ClientConfig,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client(config);
  client.on('error', () => {});
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
