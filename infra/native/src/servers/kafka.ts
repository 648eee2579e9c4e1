import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { fromCache } from '../cache.js'
import { javaProgram, SMALL_JAVA } from '../java.js'
import { copyArtifacts } from '../maven.js'
import { diskSpace, JAVA, MAVEN } from '../requirements.js'
import { run } from '../run.js'
import { ANSWER_MS, type Instance, type ServerKind } from '../server-kind.js'
import { writeSettings } from '../owned-files.js'

const VERSION = '4.1.0'
const ARTIFACTS = [
  { group: 'org.apache.kafka', name: 'kafka_2.13', version: VERSION },
  { group: 'org.slf4j', name: 'slf4j-simple', version: '1.7.36' },
]
const DIGEST = 'defd8523665b9074bf5486e51fe91862ce7d7b704147ee109ec8d845548c7da9'
const USER = 'cinegraph'
const SCRAM = ['SCRAM-SHA-256', 'SCRAM-SHA-512']
const MECHANISMS = ['PLAIN', ...SCRAM].join(',')
const KEY_STORE = 'key-store.p12'
const CERTIFICATE = 'certificate.pem'

/** Kafka on one node that is broker and controller (KRaft); clients log in by SASL, PLAIN or SCRAM, without TLS or by it. */
export const kafka: ServerKind = {
  name: 'kafka',
  portCount: 4,
  stopSignal: 'SIGTERM',
  toRun: [JAVA],
  toInstall: [MAVEN, diskSpace(250)],
  ...fromCache('kafka', VERSION, (fresh) =>
    copyArtifacts(ARTIFACTS, { folder: path.join(fresh, 'libs'), digest: DIGEST }),
  ),
  async prepare(instance) {
    const { folder, installation, password } = instance
    const file = path.join(folder, 'server.properties')
    await writeSettings(file, settingsOf(instance))
    const java = await javaProgram('java')
    const classes = ['-cp', path.join(installation.folder, 'libs/*')]
    if (!isFormatted(folder)) {
      await rm(dataIn(folder), { recursive: true, force: true })
      // others see with what a program was started: the password is in a file
      const argumentsFile = path.join(folder, 'format.arguments')
      await writeSettings(argumentsFile, [
        ...['kafka.tools.StorageTool', 'format', '--config', JSON.stringify(file)],
        // may begin with a hyphen, so it is given with its option
        `--cluster-id=${randomBytes(16).toString('base64url')}`,
        ...SCRAM.map((it) => `"--add-scram=${it}=[name=${USER},password=${password}]"`),
      ])
      const format = [...classes, `@${argumentsFile}`]
      await run(java, [...SMALL_JAVA, ...format], { unprivileged: true })
    }
    await makeCertificate(instance)
    return {
      command: java,
      args: [
        ...[...SMALL_JAVA, '-Xms64m', '-Xmx256m', '-XX:+ExitOnOutOfMemoryError'],
        ...['-Djava.net.preferIPv4Stack=true', '-Dorg.slf4j.simpleLogger.showDateTime=true'],
        ...['-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS'],
        ...[...classes, 'kafka.Kafka', file],
      ],
      cwd: folder,
      env: { LC_ALL: 'C' },
    }
  },
  url: ({ ports: [port], password }) => urlAt(port, password),
  distant: ({ ports, password }) => ({
    server: urlAt(distantPort(ports), password),
    port: networkPort(ports),
  }),
  tls: async ({ ports, password }, folder) => ({
    url: urlAt(tlsPort(ports), password).replace('kafka:', 'kafkas:'),
    certificate: await readFile(path.join(folder, CERTIFICATE), 'utf8'),
  }),
  async check(url) {
    const { host, username, password } = new URL(url)
    const admin = new Kafka({
      brokers: [host],
      sasl: { mechanism: 'plain', username, password },
      connectionTimeout: ANSWER_MS,
      authenticationTimeout: ANSWER_MS,
      requestTimeout: ANSWER_MS,
      enforceRequestTimeout: true,
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    }).admin()
    try {
      await admin.connect()
      const { brokers } = await admin.describeCluster()
      // it answers before it has registered with its controller
      if (brokers.length !== 1) throw new Error('the broker has not joined its cluster')
    } finally {
      await admin.disconnect()
    }
  },
}

const urlAt = (port: number, password: string) => `kafka://${USER}:${password}@127.0.0.1:${port}`

/** Clients that come through a network are sent back to it, as Kafka names the port of the listener that was asked. */
const distantPort = (ports: Instance['ports']) => ports[2]!
// none that servers are given
const networkPort = (ports: Instance['ports']) => distantPort(ports) - 10_000

const tlsPort = (ports: Instance['ports']) => ports[3]!

const dataIn = (folder: string) => path.join(folder, 'data')

/** The tool writes this file last. */
const isFormatted = (folder: string): boolean =>
  existsSync(path.join(dataIn(folder), 'meta.properties'))

/** A key of its own and the certificate that it signed itself, unless they are there. */
async function makeCertificate({ folder, password }: Instance): Promise<void> {
  const certificate = path.join(folder, CERTIFICATE)
  if (existsSync(certificate)) return
  const keyStore = path.join(folder, KEY_STORE)
  await rm(keyStore, { force: true })
  const passwordFile = path.join(folder, 'key-store.password')
  await writeSettings(passwordFile, [password])
  const keytool = await javaProgram('keytool')
  const store = ['-alias', 'kafka', '-keystore', keyStore, '-storepass:file', passwordFile]
  const ask = (...args: string[]) => run(keytool, [...args, ...store], { unprivileged: true })
  const key = ['-storetype', 'PKCS12', '-keyalg', 'EC', '-groupname', 'secp256r1']
  const subject = ['-dname', 'CN=Kafka', '-ext', 'san=ip:127.0.0.1', '-validity', '3650']
  await ask('-genkeypair', ...key, ...subject)
  const draft = `${certificate}.new`
  await ask('-exportcert', '-rfc', '-file', draft)
  await rename(draft, certificate)
}

function settingsOf({ folder, ports, password }: Instance): string[] {
  const [port, controllerPort] = ports
  const logIn = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${USER}" password="${password}" user_${USER}="${password}";`
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=CLIENTS://127.0.0.1:${port},DISTANT://127.0.0.1:${distantPort(ports)},TLS://127.0.0.1:${tlsPort(ports)},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=CLIENTS://127.0.0.1:${port},DISTANT://127.0.0.1:${networkPort(ports)},TLS://127.0.0.1:${tlsPort(ports)}`,
    'listener.security.protocol.map=CLIENTS:SASL_PLAINTEXT,DISTANT:SASL_PLAINTEXT,TLS:SASL_SSL,CONTROLLER:SASL_PLAINTEXT',
    'inter.broker.listener.name=CLIENTS',
    'controller.listener.names=CONTROLLER',
    'sasl.enabled.mechanisms=PLAIN',
    'sasl.mechanism.inter.broker.protocol=PLAIN',
    'sasl.mechanism.controller.protocol=PLAIN',
    `listener.name.clients.plain.sasl.jaas.config=${logIn}`,
    `listener.name.distant.plain.sasl.jaas.config=${logIn}`,
    `listener.name.controller.plain.sasl.jaas.config=${logIn}`,
    `listener.name.tls.sasl.enabled.mechanisms=${MECHANISMS}`,
    `listener.name.tls.plain.sasl.jaas.config=${logIn}`,
    ...SCRAM.map(
      (it) =>
        `listener.name.tls.${it.toLowerCase()}.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;`,
    ),
    `ssl.keystore.location=${path.join(folder, KEY_STORE)}`,
    `ssl.keystore.password=${password}`,
    'ssl.keystore.type=PKCS12',
    `log.dirs=${dataIn(folder)}`,
    'auto.create.topics.enable=false',
    // one node has no replicas, and few partitions of its own topics are soon made and soon read again
    ...['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic'].flatMap(
      (topic) => [`${topic}.replication.factor=1`, `${topic}.num.partitions=2`],
    ),
    'transaction.state.log.min.isr=1',
    'share.coordinator.state.topic.min.isr=1',
    // tests must not wait for members who never come, nor long for those who have gone
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=500',
    // after kill -9 the new broker is let in when the session of the old one has ended: 9 s by default
    'broker.session.timeout.ms=4000',
    'broker.heartbeat.interval.ms=500',
    // small: the cleaner alone would take half of the heap
    'log.cleaner.dedupe.buffer.size=8388608',
    'num.network.threads=2',
    'num.io.threads=4',
  ]
}
