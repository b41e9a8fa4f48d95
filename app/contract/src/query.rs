//! The queries of lists: filters of their own, and the page that is asked for.

/// A query that asks for one page of a list, whatever else it filters by.
pub trait Paged {
    /// How many rows to return, if the call says.
    fn limit(&self) -> Option<u8>;
    /// Where the last page ended; none asks for the first.
    fn cursor(&self) -> Option<&str>;
}

/// Declares the query of a list that can be filtered: the filters given, then `limit` and `cursor`. Each filter is
/// optional, so its type is given without the `Option`.
macro_rules! list_query {
    (
        $(#[doc = $doc:literal])+
        $name:ident { $($(#[doc = $field_doc:literal])+ $(#[cfg_attr($($attr:tt)+)])* $field:ident: $type:ty),* $(,)? }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[doc = $field_doc])+
                #[serde(default)]
                $(#[cfg_attr($($attr)+)])*
                pub $field: Option<$type>,
            )*
            /// How many to return, 1 to 100. Without it, 25.
            #[serde(default)]
            #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100)))]
            pub limit: Option<u8>,
            /// Where the last page ended: its `next_cursor`. Good for 24 hours, and only for the same list.
            #[serde(default)]
            #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 512)))]
            pub cursor: Option<String>,
        }
        impl $crate::Paged for $name {
            fn limit(&self) -> Option<u8> {
                self.limit
            }
            fn cursor(&self) -> Option<&str> {
                self.cursor.as_deref()
            }
        }
    };
}
pub(crate) use list_query;
