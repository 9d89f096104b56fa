//! Two hundred secrets for the detector to find: made when the test runs, of no service, in places where people leave them.

use std::fmt::Write;

/// A planted secret: its kind, a manifest that holds it, and the secret itself.
pub(crate) struct Planted {
    pub(crate) kind: &'static str,
    pub(crate) place: &'static str,
    pub(crate) manifest: String,
    pub(crate) secret: String,
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Dice(pub(crate) u64);

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789";

impl Dice {
    /// The next number below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let mixed = usize::try_from((mixed ^ (mixed >> 31)) >> 8).expect("64 bits");
        mixed % bound
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let at = self.below(from.len());
        *from.get(at).expect("an item")
    }

    fn of(&mut self, letters: &str, length: usize) -> String {
        let letters: Vec<char> = letters.chars().collect();
        (0..length).map(|_| self.pick(&letters)).collect()
    }

    fn plain(&mut self, length: usize) -> String {
        self.of(&format!("{LOWER}{UPPER}{DIGITS}"), length)
    }

    fn marked(&mut self, length: usize) -> String {
        self.of(&format!("{LOWER}{UPPER}{DIGITS}-_"), length)
    }

    fn hex(&mut self, length: usize) -> String {
        self.of("0123456789abcdef", length)
    }

    fn digits(&mut self, length: usize) -> String {
        let first = self.of("123456789", 1);
        first + &self.of(DIGITS, length - 1)
    }

    fn base36(&mut self, length: usize) -> String {
        self.of(&format!("{LOWER}{DIGITS}"), length)
    }

    fn base64_of_random(&mut self, bytes: usize) -> String {
        let bytes: Vec<u8> = (0..bytes)
            .map(|_| u8::try_from(self.below(256)).expect("a byte"))
            .collect();
        base64(&bytes)
    }

    fn word(&mut self) -> &'static str {
        let words = [
            "lantern", "harbour", "quartz", "meadow", "copper", "violet", "anchor", "pepper",
        ];
        self.pick(&words)
    }

    fn uuid(&mut self) -> String {
        [8, 4, 4, 4, 12].map(|length| self.hex(length)).join("-")
    }

    /// A password as people choose one.
    fn password(&mut self) -> String {
        match self.below(4) {
            0 => format!("{}-{}", self.word(), self.word()),
            1 => format!("{}{}!", self.word(), self.digits(3)),
            2 => self.plain(16),
            _ => format!("{}{}", self.word(), self.digits(4)),
        }
    }

    fn pem(&mut self, label: &str) -> String {
        let mut text = format!("-----BEGIN {label}-----\n");
        for _ in 0..6 {
            let _ = writeln!(text, "{}", self.base64_of_random(48));
        }
        text + &format!("-----END {label}-----\n")
    }
}

/// Kinds that are known wherever they stand.
type Make = fn(&mut Dice) -> String;
const SHAPES: [(&str, Make); 30] = [
    ("age key", |d| {
        format!("AGE-SECRET-KEY-1{}", d.of(&format!("{UPPER}{DIGITS}"), 58))
    }),
    ("AWS access key", |d| {
        format!("AKIA{}", d.of(&format!("{UPPER}234567"), 16))
    }),
    ("AWS secret key, by its looks", |d| d.base64_of_random(30)),
    ("Azure connection string", |d| {
        format!(
            "DefaultEndpointsProtocol=https;AccountName={};AccountKey={};EndpointSuffix=core.windows.net",
            d.word(),
            d.base64_of_random(64)
        )
    }),
    ("GitHub classic token", |d| {
        let letter = d.of("pous", 1);
        format!("gh{letter}_{}", d.plain(36))
    }),
    ("GitHub fine-grained token", |d| {
        format!("github_pat_{}_{}", d.plain(22), d.plain(59))
    }),
    ("GitLab token", |d| format!("glpat-{}", d.marked(20))),
    ("Slack token", |d| {
        format!("xoxb-{}-{}-{}", d.digits(12), d.digits(13), d.plain(24))
    }),
    ("Slack webhook", |d| {
        format!(
            "https://hooks.slack.com/services/T{}/B{}/{}",
            d.of(UPPER, 8),
            d.of(UPPER, 10),
            d.plain(24)
        )
    }),
    ("Stripe key", |d| format!("sk_live_{}", d.plain(24))),
    ("Twilio key", |d| format!("SK{}", d.hex(32))),
    ("SendGrid key", |d| {
        format!("SG.{}.{}", d.marked(22), d.marked(43))
    }),
    ("npm token", |d| format!("npm_{}", d.plain(36))),
    ("PyPI token", |d| {
        format!("pypi-AgEIcHlwaS5vcmc{}", d.marked(120))
    }),
    ("OpenAI key", |d| format!("sk-proj-{}", d.marked(60))),
    ("Anthropic key", |d| {
        format!("sk-ant-api03-{}", d.marked(80))
    }),
    ("Hugging Face token", |d| format!("hf_{}", d.plain(34))),
    ("JWT", |d| {
        let header = base64(br#"{"alg":"HS256","typ":"JWT"}"#);
        let payload = base64(format!(r#"{{"sub":"{}","admin":true}}"#, d.word()).as_bytes());
        let url = |part: &str| {
            part.trim_end_matches('=')
                .replace('+', "-")
                .replace('/', "_")
        };
        format!("{}.{}.{}", url(&header), url(&payload), d.marked(43))
    }),
    ("Discord webhook", |d| {
        format!(
            "https://discord.com/api/webhooks/{}/{}",
            d.digits(19),
            d.marked(68)
        )
    }),
    ("Discord bot token", |d| {
        format!("MT{}.G{}.{}", d.plain(24), d.marked(5), d.marked(38))
    }),
    ("Telegram bot token", |d| {
        format!("{}:AA{}", d.digits(10), d.marked(33))
    }),
    ("database address", |d| {
        let password = d.password();
        format!("postgres://{}:{password}@db.internal:5432/app", d.word())
    }),
    ("address with a login", |d| {
        let password = d.plain(14);
        format!(
            "https://{}:{password}@git.example.net/team/repo.git",
            d.word()
        )
    }),
    ("bcrypt hash", |d| {
        format!(
            "{}:$2y$10${}",
            d.word(),
            d.of(&format!("./{LOWER}{UPPER}{DIGITS}"), 53)
        )
    }),
    ("apr1 hash", |d| {
        format!("{}:$apr1${}${}", d.word(), d.plain(8), d.plain(22))
    }),
    ("bootstrap token", |d| {
        format!("{}.{}", d.base36(6), d.base36(16))
    }),
    ("Vault token", |d| format!("hvs.{}", d.marked(90))),
    ("Google API key", |d| format!("AIza{}", d.marked(35))),
    ("Tailscale key", |d| {
        format!("tskey-auth-{}-{}", d.plain(17), d.plain(32))
    }),
    ("private key in base64", |d| {
        let pem = d.pem("PRIVATE KEY");
        base64(pem.as_bytes())
    }),
];

/// Blocks of several lines.
const BLOCKS: [(&str, Make); 7] = [
    ("RSA private key", |d| d.pem("RSA PRIVATE KEY")),
    ("EC private key", |d| d.pem("EC PRIVATE KEY")),
    ("OpenSSH private key", |d| d.pem("OPENSSH PRIVATE KEY")),
    ("PKCS 8 private key", |d| d.pem("PRIVATE KEY")),
    ("GCP service account", |d| {
        let key = d.pem("PRIVATE KEY").replace('\n', "\\n");
        format!(
            "{{\n  \"type\": \"service_account\",\n  \"project_id\": \"{}\",\n  \"private_key_id\": \"{}\",\n  \"private_key\": \"{key}\"\n}}\n",
            d.word(),
            d.hex(40)
        )
    }),
    ("AWS credentials file", |d| {
        format!(
            "[default]\naws_access_key_id = AKIA{}\naws_secret_access_key = {}\n",
            d.of(UPPER, 16),
            d.base64_of_random(30)
        )
    }),
    ("Docker config", |d| {
        let login = format!("{}:{}", d.word(), d.password());
        format!(
            "{{\"auths\": {{\"ghcr.io\": {{\"auth\": \"{}\"}}}}}}\n",
            base64(login.as_bytes())
        )
    }),
];

/// Kinds that only the field's name tells: the names, and how the value is made.
const FIELDS: [(&str, [&str; 4], Make); 14] = [
    (
        "password",
        ["adminPassword", "root_password", "db-passwd", "smtpPass"],
        |d| d.password(),
    ),
    (
        "passphrase",
        [
            "passphrase",
            "keyPassphrase",
            "ssh_passphrase",
            "backupPassphrase",
        ],
        |d| format!("{} {} {} {}", d.word(), d.word(), d.word(), d.digits(2)),
    ),
    (
        "client secret",
        [
            "clientSecret",
            "client_secret",
            "oidc-client-secret",
            "oauthClientSecret",
        ],
        |d| d.marked(40),
    ),
    (
        "client secret that is a UUID",
        ["clientSecret", "CLIENT_SECRET", "sso-secret", "appSecret"],
        |d| d.uuid(),
    ),
    (
        "API key in hex",
        ["apiKey", "api_key", "x-api-key", "DD_API_KEY"],
        |d| d.hex(32),
    ),
    (
        "Cloudflare token",
        [
            "cfApiToken",
            "api_token",
            "cloudflare-api-token",
            "CF_API_TOKEN",
        ],
        |d| d.marked(40),
    ),
    (
        "WireGuard key",
        [
            "privateKey",
            "private_key",
            "presharedKey",
            "wg-private-key",
        ],
        |d| d.base64_of_random(32),
    ),
    (
        "secret key",
        [
            "secretKey",
            "secret_access_key",
            "s3-secret-key",
            "AWS_SECRET_ACCESS_KEY",
        ],
        |d| d.base64_of_random(30),
    ),
    (
        "encryption key",
        [
            "encryptionKey",
            "secretboxEncryptionSecret",
            "aescbcEncryptionSecret",
            "n8n-encryption-key",
        ],
        |d| d.base64_of_random(32),
    ),
    (
        "Azure storage key",
        [
            "storageAccountKey",
            "account_key",
            "azure-account-key",
            "AZURE_STORAGE_KEY",
        ],
        |d| d.base64_of_random(64),
    ),
    (
        "Twilio auth token",
        [
            "authToken",
            "auth_token",
            "twilio-auth-token",
            "TWILIO_AUTH_TOKEN",
        ],
        |d| d.hex(32),
    ),
    (
        "session secret",
        ["sessionSecret", "cookie_secret", "jwt-secret", "APP_SECRET"],
        |d| d.base36(32),
    ),
    (
        "routing key",
        [
            "routingKey",
            "routing_key",
            "integration-key",
            "PAGERDUTY_ROUTING_KEY",
        ],
        |d| d.hex(32),
    ),
    (
        "machine token",
        ["token", "trustdToken", "join_token", "K3S_TOKEN"],
        |d| format!("{}.{}", d.base36(6), d.base36(16)),
    ),
];

/// Places for what is known by its looks.
const PLACES: [(&str, &str); 9] = [
    ("a field of a spec", "clusters:\n  lab:\n    notes: \"§\"\n"),
    (
        "a value of a component",
        "components:\n  app:\n    values:\n      config:\n        extra: [one, \"§\"]\n",
    ),
    (
        "a script in a ConfigMap",
        "kind: ConfigMap\napiVersion: v1\ndata:\n  run.sh: |\n    #!/bin/sh\n    set -eu\n    curl -s \"§\" | tee /tmp/out\n",
    ),
    (
        "an env entry",
        "containers:\n  - name: app\n    env:\n      - { name: LOG_LEVEL, value: info }\n      - { name: UPSTREAM, value: \"§\" }\n",
    ),
    (
        "an argument",
        "args:\n  - --verbose\n  - \"--endpoint=§\"\n",
    ),
    (
        "a file in a ConfigMap",
        "kind: ConfigMap\napiVersion: v1\ndata:\n  app.yaml: |\n    log: info\n    upstream: \"§\"\n    port: 8080\n",
    ),
    (
        "a machine's file",
        "machine:\n  files:\n    - path: /var/etc/app.conf\n      permissions: 0o600\n      content: |\n        [app]\n        upstream=§\n",
    ),
    (
        "an annotation",
        "metadata:\n  name: app\n  annotations:\n    example.net/upstream: \"§\"\n",
    ),
    (
        "a command",
        "command: [sh, -c, \"exec app --to '§' --quiet\"]\n",
    ),
];

/// Places for blocks.
const BLOCK_PLACES: [(&str, &str); 3] = [
    (
        "a file in a ConfigMap",
        "kind: ConfigMap\napiVersion: v1\ndata:\n  file: |\nB",
    ),
    (
        "a value of a component",
        "components:\n  app:\n    values:\n      content: |\nB",
    ),
    (
        "a machine's file",
        "machine:\n  files:\n    - path: /var/etc/key\n      content: |\nB",
    ),
];

/// Places for what is known by its field's name `¶`.
const FIELD_PLACES: [(&str, &str); 7] = [
    (
        "a value of a component",
        "components:\n  app:\n    values:\n      auth:\n        ¶: \"§\"\n",
    ),
    ("an env entry", "env:\n  - name: ¶\n    value: \"§\"\n"),
    ("an argument", "args: [serve, \"--¶=§\"]\n"),
    ("two arguments", "args: [serve, \"--¶\", \"§\"]\n"),
    (
        "a file in a ConfigMap",
        "kind: ConfigMap\napiVersion: v1\ndata:\n  app.yaml: |\n    log: info\n    ¶: \"§\"\n    port: 8080\n",
    ),
    (
        "a script in a ConfigMap",
        "kind: ConfigMap\napiVersion: v1\ndata:\n  run.sh: |\n    export ¶='§'\n    exec app\n",
    ),
    (
        "JSON in a ConfigMap",
        "kind: ConfigMap\napiVersion: v1\ndata:\n  app.json: '{\"log\": \"info\", \"¶\": \"§\"}'\n",
    ),
];

/// All of them: as many of each kind as come to the number.
pub(crate) fn plant(seed: u64, number: usize) -> Vec<Planted> {
    let mut dice = Dice(seed);
    let kinds = SHAPES.len() + BLOCKS.len() + FIELDS.len() + 2;
    (0..number)
        .map(|index| one(&mut dice, index % kinds))
        .collect()
}

fn one(dice: &mut Dice, kind: usize) -> Planted {
    if let Some((kind, make)) = SHAPES.get(kind) {
        let secret = make(dice);
        let (place, manifest) = dice.pick(&PLACES);
        return planted(kind, place, manifest, secret);
    }
    let kind = kind - SHAPES.len();
    if let Some((kind, make)) = BLOCKS.get(kind) {
        let secret = make(dice);
        let (place, manifest) = dice.pick(&BLOCK_PLACES);
        let lines: Vec<String> = secret
            .lines()
            .map(|line| format!("          {line}\n"))
            .collect();
        let manifest = manifest.replace("\nB", &format!("\n{}", lines.concat()));
        return Planted {
            kind,
            place,
            manifest,
            secret,
        };
    }
    let kind = kind - BLOCKS.len();
    if let Some((kind, names, make)) = FIELDS.get(kind) {
        let secret = make(dice);
        let (place, manifest) = dice.pick(&FIELD_PLACES);
        let name = dice.pick(names);
        return planted(kind, place, &manifest.replace('¶', name), secret);
    }
    let secret = dice.password();
    let key = dice.pick(&["connection", "login", "content"]);
    let head = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\n  namespace: shop\n";
    match kind - FIELDS.len() {
        0 => {
            let manifest = format!("{head}stringData:\n  {key}: \"§\"\n");
            planted("Secret, stringData", "a Secret", &manifest, secret)
        }
        _ => {
            let data = base64(secret.as_bytes());
            let body = format!("{head}data:\n  {key}: {data}\n");
            let lines: Vec<String> = body
                .lines()
                .map(|line| format!("        {line}\n"))
                .collect();
            let manifest = format!(
                "cluster:\n  inlineManifests:\n    - name: app\n      contents: |\n{}",
                lines.concat()
            );
            Planted {
                kind: "Secret, data",
                place: "an inline manifest",
                manifest,
                secret,
            }
        }
    }
}

fn planted(kind: &'static str, place: &'static str, manifest: &str, secret: String) -> Planted {
    let manifest = manifest.replace('§', &secret);
    Planted {
        kind,
        place,
        manifest,
        secret,
    }
}

/// Bytes in base64.
fn base64(bytes: &[u8]) -> String {
    let letters: Vec<char> = format!("{UPPER}{LOWER}{DIGITS}+/").chars().collect();
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().enumerate().fold(0u32, |bits, (at, byte)| {
            bits | u32::from(*byte) << (16 - 8 * at)
        });
        for at in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * at) & 63).expect("six bits");
            text.push(if at <= chunk.len() {
                *letters.get(digit).expect("a digit")
            } else {
                '='
            });
        }
    }
    text
}
