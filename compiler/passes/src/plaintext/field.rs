//! What the name of a field says about its value.

/// What stands in a field that is called like a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// In words.
    pub kind: &'static str,
    /// Whether plain words are a secret here too, and not the name of a thing.
    pub takes_words: bool,
}

/// A name's last letters, in lower case and without what joins words.
struct End {
    letters: &'static str,
    /// Whether it must be a word of its own: `smtp_pass`, not `bypass`.
    is_word: bool,
    field: Field,
}

const PASSWORD: Field = Field {
    kind: "a password",
    takes_words: true,
};
const TOKEN: Field = field("a token");
const KEY: Field = field("a key");
/// Shared by people as often as by machines, so it may be words.
const SHARED: Field = Field {
    kind: "a key",
    takes_words: true,
};
const SECRET: Field = field("a secret");
const LOGIN: Field = field("credentials");

/// Names that end in `key`: in lower case, without what joins words.
const KEYS: [End; 22] = [
    end("accesskey", KEY),
    end("accountkey", KEY),
    end("apikey", KEY),
    end("appkey", KEY),
    end("applicationkey", KEY),
    end("authkey", KEY),
    end("cookiekey", KEY),
    end("encryptionkey", KEY),
    end("hmackey", KEY),
    end("ingestionkey", KEY),
    end("integrationkey", KEY),
    end("licensekey", KEY),
    end("masterkey", KEY),
    end("presharedkey", KEY),
    end("privatekey", KEY),
    end("routingkey", KEY),
    end("secretkey", KEY),
    end("servicekey", KEY),
    end("sessionkey", KEY),
    end("sharedkey", KEY),
    end("signingkey", KEY),
    end("storagekey", KEY),
];

/// Ends of names by their last two letters, so that most names are compared with none.
fn ends(last: [u8; 2]) -> &'static [End] {
    match &last {
        b"al" => &const { [end("credential", LOGIN)] },
        b"de" => &const { [end("passcode", PASSWORD)] },
        b"ds" => &const { [end("passwords", PASSWORD)] },
        b"en" => &const { [end("token", TOKEN)] },
        b"et" => &const { [end("secret", SECRET)] },
        b"ey" => &KEYS,
        b"ig" => &const { [word("sig", SECRET)] },
        b"ls" => &const { [end("credentials", LOGIN)] },
        b"ng" => &const { [end("connectionstring", LOGIN)] },
        b"ns" => &const { [end("tokens", TOKEN)] },
        b"on" => &const { [end("authorization", LOGIN)] },
        b"pw" => &const { [word("pw", PASSWORD)] },
        b"rd" => &const { [end("password", PASSWORD)] },
        b"se" => &const { [end("passphrase", PASSWORD)] },
        b"sk" => &const { [end("psk", SHARED)] },
        b"sn" => &const { [word("dsn", LOGIN)] },
        b"ss" => &const { [word("pass", PASSWORD), end("secretaccess", SECRET)] },
        b"ta" => &const { [end("secretdata", SECRET)] },
        b"th" => &const { [word("auth", LOGIN)] },
        b"ts" => &const { [end("secretcontents", SECRET)] },
        b"wd" => &const { [end("passwd", PASSWORD), end("pwd", PASSWORD)] },
        b"ys" => &const { [end("apikeys", KEY)] },
        _ => &[],
    }
}

/// What before `secret` makes it the name of one.
const NAMED: [&str; 4] = ["existing", "external", "pull", "use"];

/// Maps whose values say where a secret is.
const REFERENCES: [&str; 13] = [
    "encrypteddata",
    "existingsecret",
    "keymapping",
    "keyref",
    "kinds",
    "mapping",
    "remoteref",
    "secretkeyref",
    "secretkeys",
    "secretref",
    "selector",
    "valuefrom",
    "valuesfrom",
];

/// Keys in such maps that only say where a secret is.
const PLACES: [&str; 8] = [
    "key",
    "kind",
    "name",
    "namespace",
    "path",
    "type",
    "username",
    "user",
];

/// Words in names whose values look random and are no secret.
const PUBLIC: [&str; 30] = [
    "bundle",
    "ca",
    "cert",
    "certificate",
    "certs",
    "checksum",
    "commit",
    "crt",
    "digest",
    "encrypted",
    "etag",
    "fingerprint",
    "guid",
    "hash",
    "id",
    "image",
    "integrity",
    "nonce",
    "pub",
    "public",
    "recipient",
    "rev",
    "revision",
    "schematic",
    "sha",
    "sha256",
    "signature",
    "sops",
    "uid",
    "uuid",
];

const fn field(kind: &'static str) -> Field {
    Field {
        kind,
        takes_words: false,
    }
}

const fn end(letters: &'static str, field: Field) -> End {
    End {
        letters,
        is_word: false,
        field,
    }
}

const fn word(letters: &'static str, field: Field) -> End {
    End {
        letters,
        is_word: true,
        field,
    }
}

/// What a field is, by the keys that lead to it.
#[inline]
pub fn of(path: &[&str]) -> Option<Field> {
    let (name, above) = path.split_last()?;
    let mut field = of_name(name);
    if field.is_none()
        && let Some(map) = above.last()
    {
        let is_place = PLACES.iter().any(|place| place.eq_ignore_ascii_case(name));
        field = in_map(map).filter(|_| !is_place && !says_more(name));
    }
    let is_known = |key: &&str| is_any(key, &REFERENCES);
    field.filter(|_| !name.starts_with("checksum") && !above.iter().any(is_known))
}

/// What a field is, by its name alone.
#[inline]
pub fn of_name(name: &str) -> Option<Field> {
    by_end(name).map(|end| end.field)
}

/// Whether a key's texts are secrets whatever they are, by its name.
pub(crate) fn says_secret(name: &str) -> bool {
    by_end(name).is_some_and(|end| !end.is_word)
}

fn by_end(name: &str) -> Option<&'static End> {
    let bytes = name.as_bytes();
    // `existingSecretAdminPassword` has a name, like `existingSecret`.
    let start = bytes
        .first_chunk::<14>()
        .is_some_and(|it| it.eq_ignore_ascii_case(b"existingsecret"));
    if start && bytes.len() > 14 {
        return None;
    }
    let last = bytes.last_chunk()?.map(|byte: u8| byte | 0x20);
    ends(last).iter().find(|end| {
        before(bytes, end.letters).is_some_and(|before| {
            let fits = !end.is_word || is_start(before, bytes);
            let is_named = end.letters == "secret"
                && NAMED
                    .iter()
                    .any(|word| self::before(before, word).is_some());
            fits && !is_named
        })
    })
}

/// Whether what looks random here is known to be no secret.
pub fn is_public(path: &[&str]) -> bool {
    path.iter().any(|key| {
        words(key).any(|word| {
            PUBLIC
                .iter()
                .any(|public| public.eq_ignore_ascii_case(word))
        })
    })
}

fn in_map(map: &str) -> Option<Field> {
    let last = map.as_bytes().last_chunk()?.map(|byte: u8| byte | 0x20);
    let letters = match &last {
        b"ds" => "passwords",
        b"ls" => "credentials",
        b"ns" => "tokens",
        b"nv" => "secretenv",
        b"ta" => "secretdata",
        b"ts" => match before(map.as_bytes(), "secretcontents") {
            Some(_) => "secretcontents",
            None => "secrets",
        },
        _ => return None,
    };
    before(map.as_bytes(), letters).map(|_| SECRET)
}

/// Whether a name in a map of secrets says by itself that it is about one: `tokenTTL`, `secretName`.
fn says_more(name: &str) -> bool {
    let last = words(name).last().unwrap_or(name);
    [
        "name", "ref", "file", "path", "from", "ttl", "key", "id", "url", "store",
    ]
    .iter()
    .any(|word| word.eq_ignore_ascii_case(last))
}

fn is_any(name: &str, ends: &[&str]) -> bool {
    let name = name.as_bytes();
    ends.iter()
        .any(|end| before(name, end).is_some_and(|before| is_start(before, name)))
}

/// What stands before these letters at a name's end, whatever their case and what joins them.
#[inline]
fn before<'a>(name: &'a [u8], letters: &str) -> Option<&'a [u8]> {
    let mut rest = name;
    for letter in letters.bytes().rev() {
        loop {
            let (byte, left) = rest.split_last()?;
            rest = left;
            match byte {
                b'-' | b'_' | b'.' => {}
                byte if byte | 0x20 == letter => break,
                _ => return None,
            }
        }
    }
    Some(rest)
}

/// Whether a word starts where `before` ends.
fn is_start(before: &[u8], name: &[u8]) -> bool {
    match before.last() {
        None => true,
        Some(byte) if !byte.is_ascii_alphanumeric() => true,
        Some(byte) => {
            let next = name.get(before.len());
            !byte.is_ascii_uppercase() && next.is_some_and(u8::is_ascii_uppercase)
        }
    }
}

/// The words of a name: `adminTokenTTL`, `admin_token_ttl` and `admin-token-ttl` have the same three.
pub fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .flat_map(|part| {
            let mut rest = part;
            std::iter::from_fn(move || {
                let bytes = rest.as_bytes();
                let turns = bytes.windows(2).position(
                    |pair| matches!(pair, [a, b] if !a.is_ascii_uppercase() && b.is_ascii_uppercase()),
                );
                let (word, left) = rest.split_at_checked(turns.map_or(rest.len(), |at| at + 1))?;
                rest = left;
                (!word.is_empty()).then_some(word)
            })
        })
}
