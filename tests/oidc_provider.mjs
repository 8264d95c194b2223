// A real provider of OpenID Connect for the tests: node oidc_provider.mjs '<settings as JSON>'.
//
// Settings: port (0 for any), client_id, client_secret, way_back (a path), accounts (what the
// provider tells about whoever types a name: {"name": {"email": ..., "email_verified": ...}}).
// Prints its address when it is ready. Every start signs with a new key.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const settings = JSON.parse(process.argv[2]);
const server = createServer();
server.listen(settings.port, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.on("request", makeProvider(issuer).callback());
  console.log(issuer);
});

function makeProvider(issuer) {
  return new Provider(issuer, {
    clients: [
      {
        client_id: settings.client_id,
        client_secret: settings.client_secret,
        // Of a native client any port of this machine will do.
        application_type: "native",
        redirect_uris: [`http://127.0.0.1${settings.way_back}`],
      },
    ],
    findAccount: (_ctx, name) => ({
      accountId: name,
      claims: () => ({ sub: name, ...settings.accounts[name] }),
    }),
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    cookies: { keys: [randomBytes(32).toString("hex")] },
    jwks: { keys: [signingKey()] },
    pkce: { required: () => true },
  });
}

function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = randomBytes(8).toString("hex");
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
}
