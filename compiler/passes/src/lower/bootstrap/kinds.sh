# install_kinds UNIT FOLDER: what a repository publishes as plain manifests.
install_kinds() {
  kept "$1" || apply --kustomize "$2"
}

