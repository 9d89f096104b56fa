//! Disks and volumes of machines.

use super::text::{Quantity, Url};
use schemars::JsonSchema;

/// A disk: its path, its serial number, or a selector.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Disk {
    /// A path, begun by `/`, or a serial number.
    Text(
        #[schemars(length(min = 1), example = &"/dev/nvme0n1", example = &"S4EVNX0R123456")] String,
    ),
    /// What the disk must match.
    Selector(DiskSelector),
}

/// What a disk must match; all that is stated must hold. A `*` matches any text.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields, extend("minProperties" = 1))]
pub struct DiskSelector {
    /// Its size: a comparison (`>=`, `<=`, `>`, `<`, `==`) and an amount.
    #[schemars(regex(pattern = "^(>=|<=|>|<|==)? ?[0-9]+(\\.[0-9]+)? ?([kMGTP]i?B)?$"), example = &">= 500GB")]
    pub size: Option<String>,
    /// Its model.
    #[schemars(example = &"Samsung SSD 980*")]
    pub model: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Its alias among kernel modules.
    pub modalias: Option<String>,
    /// Its UUID.
    pub uuid: Option<String>,
    /// Its World Wide Name.
    pub wwid: Option<String>,
    /// Its place on the bus.
    #[schemars(example = &"/pci0000:00/*")]
    pub bus_path: Option<String>,
    /// What it is made of.
    pub r#type: Option<DiskType>,
}

/// What a disk is made of.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum DiskType {
    /// Solid state, on SATA or SAS.
    Ssd,
    /// Rotating.
    Hdd,
    /// NVMe.
    Nvme,
    /// A memory card.
    Sd,
}

/// A volume. `EPHEMERAL` and `STATE` are the system's: the first takes `disk`, `minSize`, `maxSize`, `grow` and `encryption`, the second only `encryption`.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Volume {
    /// The disk that it lies on. Default: the one that Talos is installed on.
    pub disk: Option<VolumeDisk>,
    /// Whether it has no file system: a partition for what brings its own, such as Ceph.
    #[schemars(extend("default" = false))]
    pub raw: Option<bool>,
    /// What it is made of. Default: `partition`.
    pub r#type: Option<VolumeType>,
    /// The least that it must have.
    pub min_size: Option<Quantity>,
    /// The most that it may have.
    pub max_size: Option<Quantity>,
    /// Whether it grows with its disk.
    pub grow: Option<bool>,
    /// Its file system. Default: `xfs`.
    pub filesystem: Option<Filesystem>,
    /// How it is encrypted: by a key in the TPM, by one made from the machine's id, or more precisely.
    pub encryption: Option<Encryption>,
}

/// The disk of a volume: its path, its serial number, or what it must match.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum VolumeDisk {
    /// A path, begun by `/`, or a serial number.
    Text(#[schemars(length(min = 1), example = &"/dev/nvme1n1")] String),
    /// An expression of Talos's own (CEL).
    Match(DiskMatch),
    /// What the disk must match.
    Selector(DiskSelector),
}

/// A disk by an expression.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct DiskMatch {
    /// The expression (CEL) over `disk` and `system_disk`.
    #[schemars(example = &"disk.transport == 'nvme' && !system_disk")]
    pub r#match: String,
}

/// What a volume is made of.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum VolumeType {
    /// A partition of a disk.
    Partition,
    /// A whole disk.
    Disk,
    /// A folder of the EPHEMERAL volume.
    Directory,
}

/// A file system.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase", inline)]
pub enum Filesystem {
    /// XFS.
    Xfs,
    /// ext4.
    Ext4,
}

/// How a volume is encrypted.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Encryption {
    /// By one key.
    Simple(SimpleEncryption),
    /// By several keys, or with a cipher of your choice.
    Full(FullEncryption),
}

/// By which key a volume is encrypted.
#[derive(JsonSchema)]
#[schemars(inline)]
pub enum SimpleEncryption {
    /// A key sealed to the machine's TPM.
    #[schemars(rename = "tpm")]
    Tpm,
    /// A key made from the machine's id: it protects a disk that left its machine, nothing more.
    #[schemars(rename = "nodeID")]
    NodeId,
}

/// How a volume is encrypted, in full (LUKS2).
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct FullEncryption {
    /// The keys, each of which opens it; the first is slot 0.
    #[schemars(length(min = 1))]
    pub keys: Vec<EncryptionKey>,
    /// The cipher.
    pub cipher: Option<Cipher>,
    /// The key's size, in bits.
    pub key_size: Option<u32>,
    /// The block size, in bytes.
    pub block_size: Option<u32>,
    /// Options of `cryptsetup`.
    pub options: Option<Vec<String>>,
}

/// One key: exactly one of `nodeID`, `tpm` and `kms`.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct EncryptionKey {
    /// A key made from the machine's id.
    #[schemars(rename = "nodeID")]
    pub node_id: Option<super::text::True>,
    /// A key sealed to the machine's TPM.
    pub tpm: Option<Tpm>,
    /// A key kept by a server.
    pub kms: Option<Kms>,
    /// Whether the key is bound to the STATE volume too.
    #[schemars(extend("default" = false))]
    pub lock_to_state: Option<bool>,
}

/// A key sealed to the machine's TPM: `true`, or how.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
pub enum Tpm {
    /// As Talos does it.
    On(super::text::True),
    /// How.
    How(TpmHow),
}

/// How a key is sealed to a TPM.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct TpmHow {
    /// The registers that it is bound to.
    pub pcrs: Option<Vec<u32>>,
    /// Whether enrolling demands that Secure Boot is on.
    pub check_secureboot: Option<bool>,
}

/// A key kept by a server.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
pub struct Kms {
    /// The server.
    pub endpoint: Url,
}

/// A cipher.
#[derive(JsonSchema)]
#[schemars(inline)]
pub enum Cipher {
    /// AES.
    #[schemars(rename = "aes-xts-plain64")]
    Aes,
    /// Adiantum with 12 rounds.
    #[schemars(rename = "xchacha12,aes-adiantum-plain64")]
    Adiantum12,
    /// Adiantum with 20 rounds.
    #[schemars(rename = "xchacha20,aes-adiantum-plain64")]
    Adiantum20,
}
