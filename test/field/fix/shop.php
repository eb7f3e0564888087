<?php
// A page of PHP's own server: /mysql asks MariaDB, /cache memcached, /hash computes, /sleep waits a second, / says ok.
// Environment: MYSQL, MYSQLUSER, SQL, CACHE.
function page(): string {
  switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    case '/mysql':
      mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
      $link = mysqli_init();
      $link->options(MYSQLI_OPT_CONNECT_TIMEOUT, 3);
      $link->options(MYSQLI_OPT_READ_TIMEOUT, 8);
      $link->real_connect(getenv('MYSQL') ?: '127.0.0.1', getenv('MYSQLUSER') ?: 'root', '', '');
      $link->query(getenv('SQL') ?: 'select 1');
      return 'mysql ok';
    case '/cache':
      $link = @fsockopen(getenv('CACHE') ?: 'cache', 11211, $code, $text, 2);
      if (!$link) throw new Exception("memcached: $text");
      stream_set_timeout($link, 2);
      fwrite($link, "version\r\n");
      $line = fgets($link);
      if ($line === false) throw new Exception('memcached: no answer in 2 s');
      return $line;
    case '/hash':
      $sum = '';
      for ($i = 0; $i < 150000; $i++) $sum = md5($sum . $i);
      return $sum;
    case '/sleep':
      sleep(1);
      return 'slept';
    default:
      return 'ok';
  }
}

try {
  echo page();
} catch (Throwable $error) {
  error_log('ERROR ' . $error->getMessage());
  http_response_code(500);
  echo $error->getMessage();
}
