//! The published schema of a spec as code: a quick yes, before the schema is made and compiled for its words.

use jsonschema::validator;
use model::shape::to_value;
use syntax::Node;

/// Whether `schemas/platform.json` takes a spec. A yes is certain for the library that is built in; a no says nothing.
pub(crate) fn accepts(spec: &Node) -> bool {
    Published::is_valid(&to_value(spec))
}

/// Makes the code; the macro takes each form as a function of its own.
macro_rules! published {
    ($($name:literal $form:ident)*) => {
        #[validator(
            path = "schemas/platform.json",
            validate_formats = true,
            formats = { $($name => crate::verdict::form::$form),* },
            methods = { is_valid = true, validate = false, iter_errors = false }
        )]
        struct Published;

        mod form {
            $(
                pub(super) fn $form(text: &str) -> bool {
                    model::form::of($name).is_some_and(|form| (form.check)(text).is_ok())
                }
            )*

            #[cfg(test)]
            pub(super) const NAMES: &[&str] = &[$($name),*];
        }
    };
}

published! {
    "absolute-path" absolute_path
    "age-recipient" age_recipient
    "bucket" bucket
    "cidr" cidr
    "cluster-name" cluster_name
    "cron" cron
    "database-name" database_name
    "date" date
    "dns-label" dns_label
    "dns-subdomain" dns_subdomain
    "domain" domain
    "duration" duration
    "email" email
    "env-name" env_name
    "extension" extension
    "folder" folder
    "git-url" git_url
    "host" host
    "host-address" host_address
    "image" image
    "ip" ip
    "label-key" label_key
    "label-value" label_value
    "link" link
    "link-name" link_name
    "mac" mac
    "oci-url" oci_url
    "percentage" percentage
    "pool" pool
    "ports" ports
    "quantity" quantity
    "schematic-id" schematic_id
    "share" share
    "taint" taint
    "url" url
    "variable" variable
    "version" version
    "volume-name" volume_name
}

#[cfg(test)]
mod tests;
