# Where things go when they are installed: libraries, header, pkg-config file,
# CMake package and command. config/ installs the site configuration.

include(CMakePackageConfigHelpers)

set(SYNAUTH_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/synauth)

install(TARGETS synauth EXPORT synauthTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS synauth_service EXPORT synauthTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS synauth_preload
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS synauth_cli
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${PROJECT_SOURCE_DIR}/lib/include/synauth.h
              ${PROJECT_SOURCE_DIR}/service/include/synauth_service.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

# The command finds the resolver relative to itself; where the loader looks anyway,
# distributions want no such path.
if(CMAKE_INSTALL_FULL_LIBDIR IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
  set_target_properties(synauth_cli synauth_service PROPERTIES INSTALL_RPATH "")
endif()

configure_file(${CMAKE_CURRENT_LIST_DIR}/synauth.pc.in ${PROJECT_BINARY_DIR}/synauth.pc @ONLY)
configure_file(${CMAKE_CURRENT_LIST_DIR}/synauth-service.pc.in
  ${PROJECT_BINARY_DIR}/synauth-service.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/synauth.pc ${PROJECT_BINARY_DIR}/synauth-service.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/synauthConfig.cmake.in
  ${PROJECT_BINARY_DIR}/synauthConfig.cmake
  INSTALL_DESTINATION ${SYNAUTH_PACKAGE_DIR}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/synauthConfigVersion.cmake
  COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/synauthConfig.cmake
              ${PROJECT_BINARY_DIR}/synauthConfigVersion.cmake
  DESTINATION ${SYNAUTH_PACKAGE_DIR})
install(EXPORT synauthTargets NAMESPACE synauth:: DESTINATION ${SYNAUTH_PACKAGE_DIR})
