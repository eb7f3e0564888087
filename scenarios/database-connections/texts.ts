import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'database-connections',
  title: 'The database is out of connections',
  summary:
    'Some client holds every connection slot an ordinary role may have; everybody else is turned away.',
  severity: 'critical',
  origin: 'Container Networking Exhaustion (its innocent figure: 6 of 100 connections used)',
  alerts: [
    ['PostgresTooManyConnections', 'connections > 80 % of max less reserved', '2m'],
    ['PostgresConnectionsExhausted', 'an ordinary login fails with 53300', '1m'],
  ],
  symptoms: [
    'pages that need data fail at once with "sorry, too many clients already" or "remaining connection slots are reserved"',
    'the database runs, and a superuser still gets in through a reserved slot',
    'pg_stat_activity shows max less reserved connections, most of them idle and of one client',
    'names resolve as fast as ever',
  ],
  investigation: [
    [
      'Try an ordinary login',
      'psql -h <address> -U <user> -c "SELECT 1;"',
      'FATAL: sorry, too many clients already (53300): the server is up and says no',
    ],
    [
      'See who holds the slots, as superuser',
      'psql -U postgres -c "select application_name, state, count(*) from pg_stat_activity group by 1, 2 order by 3 desc"',
      'one client with most of them, idle',
    ],
    [
      'Compare with the limit',
      "psql -U postgres -c 'show max_connections' -c 'show superuser_reserved_connections'",
      'connections used equal max less reserved',
    ],
  ],
  rootCause: [
    'a client opens connections and does not give them back: a leak, an oversized pool, a job that forgot them',
    'PostgreSQL takes one process for each connection and refuses past max_connections; it does not queue',
  ],
  fix: [
    'end the connections of the client that holds them (pg_terminate_backend) and stop it from opening more',
    'raising max_connections needs a restart and only moves the day',
  ],
  prevention: [
    'a pool of few connections in each application, or a pooler (PgBouncer) in front',
    'a connection limit for each role, and idle_session_timeout',
    'an alert at 80 % with the name of the largest holder in it',
  ],
  confusedWith: {
    'database-down': 'the server answers, with an error that names the reason',
    'resolver-saturation': 'lookups are fast; there the connections in use stay flat',
    'service-stopped': 'the application accepts connections and answers 500',
  },
  recovery: [
    'an ordinary login works, and connections in use are below 80 %',
    'every target answers 200',
    'what is written can be read back',
  ],
});
