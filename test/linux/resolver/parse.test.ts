import { describe, expect, it } from 'vitest';
import { prettyName } from '../../../source/linux/os-release.js';
import { candidateNames } from '../../../source/linux/resolver/candidates.js';
import { lookupHosts } from '../../../source/linux/resolver/hosts-file.js';
import { hostSources } from '../../../source/linux/resolver/nsswitch.js';
import { parseResolvConf } from '../../../source/linux/resolver/resolv-conf.js';
import { noise, seededRandom } from '../seeded-random.js';

describe('resolv.conf', () => {
  it('reads a Kubernetes pod', () => {
    const text =
      'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n';
    expect(parseResolvConf(text)).toEqual({
      nameservers: ['10.96.0.10'],
      search: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      ndots: 5,
      timeoutSeconds: 5,
      attempts: 2,
      options: [],
    });
  });

  it('keeps IPv6 scopes, caps what glibc caps, and lets the last of domain and search count', () => {
    const conf = parseResolvConf(
      [
        '# comment',
        '; comment',
        'domain first.example',
        'search corp.example. lab.example',
        'nameserver fe80::1%eth0',
        'nameserver 127.0.0.11   # Docker',
        'nameserver 2001:db8::53',
        'nameserver 192.0.2.9',
        'options ndots:99 timeout:2 attempts:77 rotate single-request edns0',
        'options timeout:99999',
        'options timeout:2',
      ].join('\n'),
    );
    expect(conf).toEqual({
      nameservers: ['fe80::1%eth0', '127.0.0.11', '2001:db8::53'],
      search: ['corp.example', 'lab.example'],
      ndots: 15,
      timeoutSeconds: 2,
      attempts: 5,
      options: ['rotate', 'single-request', 'edns0'],
      notTaken: [
        { line: 8, text: 'nameserver 192.0.2.9', because: 'only the first 3 nameservers are asked' },
      ],
    });
    expect(parseResolvConf('search a b\ndomain c').search).toEqual(['c']);
    // glibc passes over a line that names none.
    expect(parseResolvConf('search a b\nsearch').search).toEqual(['a', 'b']);
    expect(parseResolvConf('search a b\nsearch ').search).toEqual(['a', 'b']);
    expect(parseResolvConf('').nameservers).toEqual(['127.0.0.1']);
  });

  it.each([
    ['    nameserver 127.0.0.53', 'the keyword does not begin the line: it is indented'],
    ['nameserver 127.0.0.53\r', 'the line ends in a carriage return, so that it is no address'],
    ['nameserver 127.0.0.530', '127.0.0.530 is no IP address'],
    ['nameserver', undefined],
    ['nameserver ', 'no address follows'],
    ['search corp.example\r', 'the line ends in a carriage return, which becomes part of the last suffix'],
    ['nameserver=127.0.0.53', 'a space follows the keyword, no other sign'],
    ['Nameserver 127.0.0.53', 'keywords are written in small letters'],
    ['\uFEFFnameserver 127.0.0.53', 'a byte order mark stands before the keyword'],
    ['# nameserver 127.0.0.53', undefined],
    ['  # nameserver 127.0.0.53', undefined],
    ['lookup file bind', undefined],
    ['nameserver 127.0.0.53 # office', undefined],
  ])('says of a line that glibc does not take why: %j', (text, because) => {
    const { notTaken } = parseResolvConf(`# first\n${text}\n`);
    expect(notTaken).toEqual(because === undefined ? undefined : [{ line: 2, text, because }]);
  });

  it('reads as musl does: a carriage return is white space, an option stands anywhere in its line', () => {
    const musl = (text: string) => parseResolvConf(text, { libc: 'musl' });
    expect(musl('nameserver 10.0.0.1\r\nsearch a b\r\n')).toMatchObject({
      nameservers: ['10.0.0.1'],
      search: ['a', 'b'],
    });
    expect(musl('nameserver 10.0.0.1\r\n').notTaken).toBeUndefined();
    expect(musl('options debug,ndots:3 attempts:9 timeout:50 use-vc\n')).toMatchObject({
      ...{ ndots: 3, attempts: 9, timeoutSeconds: 50 },
      options: [],
    });
    expect(musl(' nameserver 10.0.0.1\n').nameservers).toEqual(['127.0.0.1']);
    expect(musl('domain a b\nsearch \n').search).toEqual([]);
    expect(parseResolvConf('', { libc: 'musl', hostname: 'a.b.example' }).search).toEqual([]);
  });

  it('makes something of anything', () => {
    const random = seededRandom(3);
    for (let i = 0; i < 2_000; i++) {
      const conf = parseResolvConf(
        `options ndots:${noise(9, random).toString('latin1')}\n${noise(80, random).toString('latin1')}`,
      );
      expect(conf.ndots).toBeGreaterThanOrEqual(0);
      expect(conf.nameservers.length).toBeGreaterThan(0);
    }
  });
});

describe('candidate names', () => {
  const search = ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'];

  it('asks four names for an outside host under ndots:5', () => {
    expect(candidateNames('api.stripe.com', search, 5)).toEqual([
      'api.stripe.com.shop.svc.cluster.local',
      'api.stripe.com.svc.cluster.local',
      'api.stripe.com.cluster.local',
      'api.stripe.com',
    ]);
  });

  it('asks the name first once it has the dots, and only then under musl', () => {
    expect(candidateNames('db.lab', ['x.example'], 1)).toEqual(['db.lab', 'db.lab.x.example']);
    expect(candidateNames('db.lab', ['x.example'], 1, 'musl')).toEqual(['db.lab']);
    expect(candidateNames('db', ['x.example'], 1, 'musl')).toEqual(['db.x.example', 'db']);
  });

  it('asks one name when it ends in a dot or there is nothing to add', () => {
    expect(candidateNames('api.stripe.com.', search, 5)).toEqual(['api.stripe.com']);
    expect(candidateNames('db', [], 1)).toEqual(['db']);
  });
});

describe('nsswitch.conf', () => {
  const told = (text: string | undefined) =>
    hostSources(text).map(({ name, returnsOn }) => `${name} ${returnsOn.join('+')}`);

  it('reads sources and what ends the asking', () => {
    expect(told(undefined)).toEqual(['files SUCCESS', 'dns SUCCESS']);
    expect(told('hosts: files mdns4_minimal [NOTFOUND=return] dns')).toEqual([
      ...['files SUCCESS', 'mdns4_minimal SUCCESS+NOTFOUND', 'dns SUCCESS'],
    ]);
    expect(told('hosts: resolve [!UNAVAIL=return] dns')).toEqual([
      ...['resolve SUCCESS+NOTFOUND+TRYAGAIN', 'dns SUCCESS'],
    ]);
    expect(told('hosts: files [success=continue notfound=Return] dns')).toEqual([
      ...['files NOTFOUND', 'dns SUCCESS'],
    ]);
  });

  it('makes something of anything', () => {
    const random = seededRandom(5);
    for (let i = 0; i < 2_000; i++) hostSources(`hosts:${noise(60, random).toString('latin1')}`);
  });
});

it('finds names in a hosts file', () => {
  const text = '127.0.0.1 localhost\n10.0.0.7\tdb Db.lab # old: 10.0.0.6 db\nnonsense db\n::1 localhost\n';
  expect(lookupHosts(text, 'LOCALHOST')).toEqual(['127.0.0.1', '::1']);
  expect(lookupHosts(text, 'db.lab')).toEqual(['10.0.0.7']);
  expect(lookupHosts(text, 'old')).toEqual([]);
});

it('reads the name of a system', () => {
  expect(prettyName('NAME=x\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')).toBe(
    'Debian GNU/Linux 12 (bookworm)',
  );
  expect(prettyName('PRETTY_NAME=Alpine\n')).toBe('Alpine');
  expect(prettyName('')).toBeUndefined();
});
