/**
 * Tables of the sign-in library (better-auth 1.7.6 with its passkey plugin), with the names, types and indexes that its
 * own schema generator gives for each database.
 */
export function accountTables(kind: 'sqlite' | 'postgres'): readonly string[] {
  const flag = kind === 'sqlite' ? 'integer' : 'boolean';
  const date = kind === 'sqlite' ? 'date' : 'timestamptz';
  const now = kind === 'sqlite' ? 'date not null' : 'timestamptz default current_timestamp not null';
  return [
    `create table "user" ("id" text not null primary key, "name" text not null, "email" text not null unique,
      "emailVerified" ${flag} not null, "image" text, "createdAt" ${now}, "updatedAt" ${now})`,
    `create table "session" ("id" text not null primary key, "expiresAt" ${date} not null,
      "token" text not null unique, "createdAt" ${now}, "updatedAt" ${date} not null, "ipAddress" text,
      "userAgent" text, "userId" text not null references "user" ("id") on delete cascade)`,
    `create table "account" ("id" text not null primary key, "accountId" text not null, "providerId" text not null,
      "userId" text not null references "user" ("id") on delete cascade, "accessToken" text, "refreshToken" text,
      "idToken" text, "accessTokenExpiresAt" ${date}, "refreshTokenExpiresAt" ${date}, "scope" text, "password" text,
      "createdAt" ${now}, "updatedAt" ${date} not null)`,
    `create table "verification" ("id" text not null primary key, "identifier" text not null, "value" text not null,
      "expiresAt" ${date} not null, "createdAt" ${now}, "updatedAt" ${now})`,
    `create table "passkey" ("id" text not null primary key, "name" text, "publicKey" text not null,
      "userId" text not null references "user" ("id") on delete cascade, "credentialID" text not null,
      "counter" integer not null, "deviceType" text not null, "backedUp" ${flag} not null, "transports" text,
      "createdAt" ${date}, "aaguid" text)`,
    `create index "session_userId_idx" on "session" ("userId")`,
    `create index "account_userId_idx" on "account" ("userId")`,
    `create index "verification_identifier_idx" on "verification" ("identifier")`,
    `create index "passkey_userId_idx" on "passkey" ("userId")`,
    `create index "passkey_credentialID_idx" on "passkey" ("credentialID")`,
  ];
}
