import { describe, expect, it } from 'vitest';
import { failureModes } from '../scenarios/index.js';
import { readGlossary } from '../source/commands/explain/glossary.js';
import { modeText } from '../source/commands/text/modes.js';
import { shownLabels } from '../source/probes/services/labels.js';
import { shownUrl, withoutLogin, withoutSecrets } from '../source/secrets.js';
import { safeJson } from '../source/terminal/safe-json.js';
import { sanitiseLines } from '../source/terminal/sanitise.js';

describe('what is never written down', () => {
  it.each([
    ['GET http://me:hunter2@db/x', 'GET http://…@db/x'],
    ['postgres://app:p%40ss@127.0.0.1:5432/todo', 'postgres://…@127.0.0.1:5432/todo'],
    ['http:GET shop/items?token=abc&x=1 failed', 'http:GET shop/items?token=…&x=… failed'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer …'],
    ['POSTGRES_PASSWORD=hunter2 next', 'POSTGRES_PASSWORD=… next'],
    ['{"api_key": "hunter2"}', '{"api_key": …}'],
    ['tcp://ann:s3/cr3t@10.0.0.2:1 hangs', 'tcp://…@10.0.0.2:1 hangs'],
    ['http://ann:p@ss/w0rd@h/: no', 'http://…@h/: no'],
    ['http://ann:p#ss?w0rd@h/', 'http://…@h/'],
    ['//ann:hunter2@h/', '//…@h/'],
    ['dial ann:hunter2@127.0.0.1:9001: refused', 'dial …@127.0.0.1:9001: refused'],
    ['redis://:hunter2@cache', 'redis://…@cache'],
    ['https://ghp_hunter2@github.com/x', 'https://…@github.com/x'],
    ['GET host/x?hunter2', 'GET host/x?…'],
    ['(see http://h/?sig=hunter2)', '(see http://h/?sig=…)'],
    ['http://h/cb#access_token=hunter2', 'http://h/cb#access_token=…'],
    ['proxy-authorization=Basic aHVudGVyMg==', 'proxy-authorization=Basic …'],
    ['sent Basic aHVudGVyMg== to it', 'sent Basic … to it'],
    ['sent bearer hunter2hunter2', 'sent bearer …'],
    ['X-Auth-Token: hunter2', 'X-Auth-Token: …'],
    ['{\\"password\\": \\"hunter2\\"}', '{\\"password\\": …}'],
    ['host=db password=hunter2 user=a', 'host=db password=… user=a'],
  ])('%s', (text, written) => {
    expect(withoutSecrets(text)).toBe(written);
    expect(withoutSecrets(written)).toBe(written);
  });

  it.each([
    'did you mean check? yes',
    'did you mean http://localhost:1?',
    'http://127.0.0.1:8080/users/@me',
    'http://127.0.0.1:8080/react@18.2.0/',
    'ssh://deploy@10.0.0.2:22',
    'unix:///run/user@1000/docker.sock',
    'nginx:1.25@sha256:0a8c12',
    'api.internal@10.0.0.2:5353',
    'getty@tty1.service: started',
    'grep -E "colou?r|errors?"',
    'https://docs.docker.com/x/#anchor',
    'password authentication failed for user "app"',
    'basic checks, Basic Auth, bearer of news',
  ])('%s is left alone', (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  it('no text of our own is taken for a secret, nor changed where it is cleaned', () => {
    const own = [
      ...failureModes.map(modeText),
      ...readGlossary().map(({ sentence }) => sentence),
      'postgres://USER:PASSWORD@HOST:5432/DATABASE',
    ];
    for (const text of own) {
      expect(withoutSecrets(text)).toBe(text);
      expect(sanitiseLines(text)).toBe(text);
    }
  });

  it('takes linear time, whatever it is given', () => {
    for (const unit of [
      'a:',
      '@',
      'http://a:',
      '?a=',
      'password',
      'password="',
      'authorization ',
      '//x@',
      '-',
    ])
      withoutSecrets(`@?=token ${unit.repeat(200_000)}`);
  }, 5_000);
});

describe('an address that is refused', () => {
  it.each([
    ['admin:s3cr3t@db', 'db'],
    ['//admin:s3cr3t@127.0.0.1:9001/', '127.0.0.1:9001/'],
    ['ftp://admin:s"3 cr3t@127.0.0.1/', 'ftp://127.0.0.1/'],
    ['http://admin:p#s3cr3t@127.0.0.1:9001/', 'http://127.0.0.1:9001/'],
    ['localhost:1/?token=s3cr3t', 'localhost:1/?token=…'],
    ['nothing', 'nothing'],
  ])('%s is shown as %s', (typed, shown) => {
    expect(withoutLogin(typed)).toBe(shown);
  });
});

it.each([
  ['http://me:s3cr3t@h:80/a/@b?x=1&token=y#z', 'http://h/a/@b?x=…&token=…'],
  ['https://h/?s3cr3t', 'https://h/?…'],
  ['http://[::1]:8080/', 'http://[::1]:8080/'],
])('a URL is shown without what may be a secret: %s', (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});

describe('JSON', () => {
  const HOSTILE = 'a\u001b]52;c;YQ==\u0007\u007f\u009b31m\u202e\u2066\u200f\u2028\ufeff\u{e0041}b\nü✖😀';

  it('holds no control character, and loses none', () => {
    const written = safeJson({ [HOSTILE]: [HOSTILE] }, 2);
    expect(written.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(written).toContain('ü✖😀');
    expect(JSON.parse(written)).toEqual({ [HOSTILE]: [HOSTILE] });
  });

  it('holds no secret in texts, names, and fields that are called one', () => {
    const value = {
      'http.ok{GET h/?token=hunter2}': 1,
      url: 'http://a:hunter2@h/',
      password: 'hunter2',
      at: 3,
    };
    expect(JSON.parse(safeJson(value))).toEqual({
      'http.ok{GET h/?token=…}': 1,
      url: 'http://…@h/',
      password: '…',
      at: 3,
    });
  });
});

it('a label that is called a password is not shown on a panel either', () => {
  expect(shownLabels({ 'db.password': 'hunter2', url: 'http://a:hunter2@h/', team: 'shop' })).toEqual({
    'db.password': '…',
    url: 'http://…@h/',
    team: 'shop',
  });
});
