import { ASK_DATABASE, failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'database-connections',
  title: 'The database is out of connections',
  summary:
    'Some client holds every connection slot an ordinary role may have; everybody else is turned away.',
  severity: 'critical',
  origin: 'Container Networking Exhaustion (its innocent figure: 6 of 100 connections used)',
  alerts: [
    ['DatabaseTooManyConnections', 'connections > 80 % of max less reserved', '2m'],
    [
      'DatabaseConnectionsExhausted',
      'an ordinary login is told that there are too many (PostgreSQL 53300, MySQL 1040)',
      '1m',
    ],
  ],
  symptoms: [
    'pages that need data fail at once with "too many clients already", "remaining connection slots are reserved" (PostgreSQL), "Too many connections" (MySQL) or "max number of clients reached" (Redis)',
    'the database runs, and a superuser of PostgreSQL or MySQL still gets in through a reserved slot',
    'its list of connections shows max less reserved, most of them idle and of one client',
    'names resolve as fast as ever',
  ],
  investigation: [
    [
      'Try an ordinary login',
      ASK_DATABASE,
      '"too many clients already" (53300), or the like: the server is up and says no',
    ],
    [
      'See who holds the slots, as superuser',
      'psql -h <address> -U postgres -c "select application_name, state, count(*) from pg_stat_activity group by 1, 2 order by 3 desc"   # PostgreSQL; else mysql -h <address> -e "show processlist", redis-cli -h <address> client list',
      'one client with most of them, idle',
    ],
    [
      'Compare with the limit',
      "psql -h <address> -U postgres -c 'show max_connections' -c 'show superuser_reserved_connections'   # PostgreSQL; MySQL max_connections, Redis maxclients",
      'connections used equal max less reserved',
    ],
  ],
  rootCause: [
    'a client opens connections and does not give them back: a leak, an oversized pool, a job that forgot them',
    'a database refuses past its limit (max_connections, maxclients); a broker, or a pooler, may let who comes wait instead',
    'or its process may open no more files: RabbitMQ then accepts nobody, MongoDB hangs up',
  ],
  fix: [
    'stop the client that holds them from opening more, and end those that it has (pg_terminate_backend, KILL)',
    'raising the limit only moves the day, and PostgreSQL needs a restart for it',
  ],
  prevention: [
    'a pool of few connections in each application, or a pooler (PgBouncer) in front',
    'a connection limit for each user, and an end to idle sessions (idle_session_timeout, wait_timeout)',
    'an alert at 80 % with the name of the largest holder in it',
  ],
  confusedWith: {
    'database-down':
      'the server answers, with an error that names the reason; one that is out of open files says nothing',
    'resolver-saturation': 'lookups are fast; there the connections in use stay flat',
    'service-stopped': 'the application accepts connections and answers 500',
  },
  recovery: [
    'an ordinary login works, and connections in use are below 80 %',
    'every target answers 200',
    'what is written can be read back',
  ],
});
