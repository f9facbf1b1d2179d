// The authorization server that tests of OAuth are judged by: oidc-provider, which is certified for OpenID Connect, OAuth 2.1's
// code flow, PAR, DPoP and FAPI, and beside it a protected resource and what tests need to know of both.
//
// Environment: PORT; AT_TTL, seconds an access token lives; RT_TTL, seconds a refresh token lives; DPOP_NONCE=1, proofs need a nonce;
// GRACE, milliseconds for which a rotated refresh token may be used again (Atlassian and Okta allow such a time); PKCE_PLAIN=1,
// the metadata claim that only `plain` is supported, as an attacker would.
import Provider, { errors } from 'oidc-provider';
import { createHash, randomUUID } from 'node:crypto';
import { EmbeddedJWK, calculateJwkThumbprint, createLocalJWKSet, exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose';

const port = Number(process.env.PORT);
const issuer = `http://127.0.0.1:${port}`;
const api = `${issuer}/api`;
const ttl = Number(process.env.AT_TTL ?? 60);
const grace = Number(process.env.GRACE ?? 0);
const redirects = ['http://127.0.0.1/callback', 'http://127.0.0.1/connected', 'https://app.example.test/callback'];
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

// The library's own memory store forgets after a thousand entries; a forgotten grant would look like a lost connection.
const stored = new Map();
class Store {
  constructor(model) { this.model = model; }
  key(id) { return `${this.model}:${id}`; }
  async upsert(id, payload, seconds) {
    stored.set(this.key(id), { ...payload, until: seconds ? Date.now() + seconds * 1000 : Infinity });
  }
  async find(id) {
    const found = stored.get(this.key(id));
    return found && found.until > Date.now() ? found : undefined;
  }
  async by(name, value) {
    for (const [key, found] of stored) if (key.startsWith(`${this.model}:`) && found[name] === value) return found;
    return undefined;
  }
  findByUid(uid) { return this.by('uid', uid); }
  findByUserCode(code) { return this.by('userCode', code); }
  async consume(id) { stored.get(this.key(id)).consumed = Math.floor(Date.now() / 1000); }
  async destroy(id) { stored.delete(this.key(id)); }
  async revokeByGrantId(grant) {
    for (const [key, found] of stored) if (found.grantId === grant) stored.delete(key);
  }
}

const signing = await generateKeyPair('RS256', { extractable: true });
const jwks = { keys: [{ ...(await exportJWK(signing.privateKey)), use: 'sig', alg: 'RS256', kid: 'test' }] };
const verification = createLocalJWKSet({ keys: [{ ...(await exportJWK(signing.publicKey)), alg: 'RS256', kid: 'test' }] });
const account = await generateKeyPair('RS256', { extractable: true });
const accountKey = { ...(await exportJWK(account.privateKey)), alg: 'RS256', kid: 'account' };

const secret = 's'.repeat(43);
const common = {
  redirect_uris: redirects,
  response_types: ['code'],
  application_type: 'native',
  authorization_details_types: ['payment_initiation'],
};
const provider = new Provider(issuer, {
  adapter: Store,
  jwks,
  clients: [
    { ...common, client_id: 'public', token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token', DEVICE] },
    { ...common, client_id: 'web', client_secret: secret, grant_types: ['authorization_code', 'refresh_token', 'client_credentials', EXCHANGE, BEARER] },
    { ...common, client_id: 'poster', client_secret: secret, token_endpoint_auth_method: 'client_secret_post', grant_types: ['authorization_code', 'refresh_token'] },
    { ...common, client_id: 'signer', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'RS256', jwks: { keys: [{ ...(await exportJWK(account.publicKey)), alg: 'RS256', kid: 'account' }] }, grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] },
    { ...common, client_id: 'pusher', token_endpoint_auth_method: 'none', require_pushed_authorization_requests: true, grant_types: ['authorization_code', 'refresh_token'] },
    { ...common, client_id: 'bound', token_endpoint_auth_method: 'none', dpop_bound_access_tokens: true, grant_types: ['authorization_code', 'refresh_token'] },
  ],
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.test` }) }),
  claims: { openid: ['sub'], email: ['email'] },
  extraTokenClaims: (ctx) => (ctx.state?.act ? { act: ctx.state.act } : undefined),
  scopes: ['openid', 'offline_access', 'email', 'files:read', 'files:write'],
  pkce: { required: () => true },
  rotateRefreshToken: () => true,
  issueRefreshToken: async (ctx, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
  ttl: { AccessToken: () => ttl, ClientCredentials: ttl, RefreshToken: Number(process.env.RT_TTL ?? 86400), Grant: 86400, Session: 86400, Interaction: 600, IdToken: 600, AuthorizationCode: 60, DeviceCode: 60 },
  cookies: { keys: ['test'] },
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true, allowedPolicy: () => true },
    pushedAuthorizationRequests: { enabled: true },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => process.env.DPOP_NONCE === '1' },
    registration: { enabled: true },
    deviceFlow: { enabled: true },
    resourceIndicators: {
      enabled: true,
      // The client `bound` gets tokens for the server's own userinfo endpoint, which judges DPoP proofs.
      defaultResource: async (ctx, client) => (client.clientId === 'bound' ? undefined : api),
      useGrantedResource: async () => true,
      getResourceServerInfo: async (ctx, resource) => {
        if (!resource.startsWith(issuer)) throw new errors.InvalidTarget('no such resource');
        return { scope: 'files:read files:write', audience: resource, accessTokenTTL: ttl, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } };
      },
    },
    richAuthorizationRequests: {
      enabled: true,
      types: { payment_initiation: { validate(ctx, detail) { if (!(Number(detail.instructedAmount?.amount) <= 100)) throw new errors.InvalidAuthorizationDetails('amount over 100'); } } },
      authorizationDetailsForGrantSource: (ctx) => (ctx.oidc.params.authorization_details ? JSON.parse(ctx.oidc.params.authorization_details) : ctx.oidc.entities.Grant?.rar),
      authorizationDetailsForAccessToken: (ctx, token, source) => (ctx.oidc.params.authorization_details ? JSON.parse(ctx.oidc.params.authorization_details) : source?.rar),
      authorizationDetailsForIntrospection: (ctx, token) => token.rar,
    },
  },
});

if (grace > 0) {
  const model = provider.RefreshToken.prototype;
  const consume = model.consume;
  model.consume = async function later() { setTimeout(() => consume.call(this), grace); };
}

// RFC 8693: an access token of this server for one with no more scopes; the chain of actors stands in `act` (section 4.1).
provider.registerGrantType(EXCHANGE, async (ctx, next) => {
  const { params: p, client } = ctx.oidc;
  if (p.subject_token_type !== ACCESS_TOKEN) throw new errors.InvalidRequest('unsupported subject_token_type');
  let subject;
  try { subject = (await jwtVerify(p.subject_token, verification, { issuer })).payload; } catch { throw new errors.InvalidGrant('subject_token invalid'); }
  const held = new Set((subject.scope ?? '').split(' '));
  const wanted = (p.scope ?? subject.scope ?? '').split(' ').filter(Boolean);
  if (wanted.some((scope) => !held.has(scope))) throw new errors.InvalidScope('scope not held by the subject token', p.scope);
  const audience = p.audience ?? p.resource ?? api;
  const token = new provider.AccessToken({ client, accountId: subject.sub, gty: 'token-exchange' });
  token.scope = wanted.join(' ');
  token.resourceServer = new provider.ResourceServer(audience, { scope: 'files:read files:write', audience, accessTokenFormat: 'jwt', accessTokenTTL: ttl, jwt: { sign: { alg: 'RS256' } } });
  ctx.state.act = { sub: client.clientId, ...(subject.act ? { act: subject.act } : {}) };
  const value = await token.save();
  ctx.body = { access_token: value, issued_token_type: ACCESS_TOKEN, token_type: 'Bearer', expires_in: token.expiration, scope: token.scope };
  await next?.();
}, ['subject_token', 'subject_token_type', 'actor_token', 'actor_token_type', 'resource', 'audience', 'scope', 'requested_token_type'], ['audience', 'resource']);

// RFC 7523 section 2.1, as Google's token endpoint takes it: no client authentication, the scopes in the assertion.
provider.registerGrantType(BEARER, async (ctx, next) => {
  let claims;
  try {
    claims = (await jwtVerify(ctx.oidc.params.assertion, await importJWK(await exportJWK(account.publicKey), 'RS256'), { issuer: 'robot@accounts.test', audience: [`${issuer}/token`, `${issuer}/accounts/token`], maxTokenAge: '1h' })).payload;
  } catch (error) { throw new errors.InvalidGrant(`assertion: ${error.code ?? 'malformed'}`); }
  const token = new provider.AccessToken({ client: ctx.oidc.client, accountId: claims.sub, gty: 'jwt-bearer' });
  token.scope = claims.scope;
  token.resourceServer = new provider.ResourceServer(api, { scope: 'files:read files:write', audience: api, accessTokenFormat: 'jwt', accessTokenTTL: ttl, jwt: { sign: { alg: 'RS256' } } });
  ctx.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: token.expiration };
  await next?.();
}, ['assertion', 'scope'], []);

const events = [];
const note = (kind) => (ctx, error) => events.push({
  kind, grant: ctx.oidc?.params?.grant_type, grant_id: ctx.oidc?.entities?.Grant?.jti, error: error?.error_detail ?? error?.error, at: Date.now() / 1000,
});
provider.on('grant.success', note('granted'));
provider.on('grant.error', note('refused'));
provider.on('grant.revoked', (ctx, grant) => events.push({ kind: 'revoked', grant_id: grant, at: Date.now() / 1000 }));

// What is wrong with the proof of a request with a token that is bound to a key (RFC 9449, section 4.3); nothing if it is right.
const used = new Set();
const nonce = randomUUID();
async function proofFault(ctx, token, thumbprint) {
  try {
    const { payload, protectedHeader } = await jwtVerify(ctx.get('dpop'), EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'], maxTokenAge: 60, clockTolerance: 5 });
    const about = payload.htm === ctx.method && payload.htu === `${issuer}${ctx.path}` && payload.ath === createHash('sha256').update(token).digest('base64url');
    if (!about || used.has(payload.jti) || (await calculateJwkThumbprint(protectedHeader.jwk)) !== thumbprint) return 'invalid_dpop_proof';
    if (process.env.DPOP_NONCE === '1' && payload.nonce !== nonce) return 'use_dpop_nonce';
    used.add(payload.jti);
    return undefined;
  } catch { return 'invalid_dpop_proof'; }
}

// Protected resources, for whoever holds a token that is valid now: any path below /api, and /elsewhere. The answer is also that of
// GitHub's `GET /user`, so that the real adapter can be called.
async function resource(ctx) {
  const [scheme, token] = (ctx.get('authorization') || ' ').split(' ');
  const refuse = (error) => {
    events.push({ kind: 'unauthorized', error, at: Date.now() / 1000 });
    ctx.status = 401;
    ctx.set('WWW-Authenticate', `${scheme || 'Bearer'} error="${error}"`);
    ctx.body = { error };
  };
  try {
    const { payload } = await jwtVerify(token, verification, { issuer, audience: ctx.path === '/elsewhere' ? `${issuer}/elsewhere` : api });
    if (payload.cnf?.jkt && scheme !== 'DPoP') return refuse('invalid_token');
    const fault = payload.cnf?.jkt ? await proofFault(ctx, token, payload.cnf.jkt) : undefined;
    if (fault === 'use_dpop_nonce') ctx.set('DPoP-Nonce', nonce);
    if (fault) return refuse(fault);
    ctx.body = { id: 1, login: payload.sub, sub: payload.sub, scope: payload.scope, act: payload.act, items: [{ id: '1', name: 'one' }], details: payload.authorization_details };
    return undefined;
  } catch (error) { return refuse(error.code === 'ERR_JWT_EXPIRED' ? 'expired' : 'invalid_token'); }
}

provider.use(async (ctx, next) => {
  if (ctx.path.startsWith('/api') || ctx.path === '/elsewhere') return resource(ctx);
  if (ctx.path === '/test/events') { ctx.body = events.slice(Number(ctx.query.from ?? 0)); return undefined; }
  if (ctx.path === '/accounts/token') { // as Google's: an assertion is enough, without the client's proof
    ctx.req.url = '/token';
    ctx.req.headers.authorization = `Basic ${Buffer.from(`web:${secret}`).toString('base64')}`;
  }
  await next();
  if (process.env.PKCE_PLAIN === '1' && ctx.path.startsWith('/.well-known/') && ctx.body) ctx.body = { ...ctx.body, code_challenge_methods_supported: ['plain'] };
  return undefined;
});

const server = provider.listen(port, '127.0.0.1', () => console.log(JSON.stringify({ issuer, api, secret, accountKey })));
server.keepAliveTimeout = 60_000;
process.stdin.on('end', () => process.exit(0)).resume(); // ends with whoever started it, however that ends
